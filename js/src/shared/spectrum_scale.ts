/** How amplitudes become heights and colours. */
export interface Scale {
  /** The amplitude at the upper end. */
  most: number;
  isLog: boolean;
}

/** How far a logarithmic scale reaches below its upper end. */
export const DECADES = 3;

/** Place of an amplitude on the scale, 0..1. */
export function shareOf(amplitude: number, { most, isLog }: Scale): number {
  if (!(most > 0) || !(amplitude > 0)) return 0;
  const share = isLog ? 1 + Math.log10(amplitude / most) / DECADES : amplitude / most;
  return Math.max(0, Math.min(1, share));
}
