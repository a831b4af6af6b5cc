/** A repeatable stream of numbers in 0..1 (Lehmer, modulus 2^31 - 1). */
export function randomNumbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 48271) % 2147483647;
    return state / 2147483647;
  };
}
