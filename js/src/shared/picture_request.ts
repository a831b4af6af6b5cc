export type PictureFormat = "svg" | "png";

/** What a page asks a view's element for, in an event of this name; the view answers with the picture. */
export const PICTURE_EVENT = "rnn-widgets:picture";
export interface PictureRequest {
  format: PictureFormat;
  /** Pixels of a PNG per CSS pixel. */
  scale: number;
  answer: Promise<string> | null;
}
