// A word nobody knows and the words there are in, the one that was probably meant out.

/** Number of letters to insert, delete, replace or exchange with their neighbour (optimal string alignment distance). */
export function editDistance(left: string, right: string): number {
  const width = right.length + 1;
  const table = new Uint16Array((left.length + 1) * width);
  const at = (i: number, j: number): number => table[i * width + j] ?? 0;
  for (let i = 0; i <= left.length; i += 1) table[i * width] = i;
  for (let j = 0; j <= right.length; j += 1) table[j] = j;
  for (let i = 1; i <= left.length; i += 1) {
    for (let j = 1; j <= right.length; j += 1) {
      const cost = left[i - 1] === right[j - 1] ? 0 : 1;
      let best = Math.min(at(i - 1, j) + 1, at(i, j - 1) + 1, at(i - 1, j - 1) + cost);
      const isExchange = i > 1 && j > 1 && left[i - 1] === right[j - 2] && left[i - 2] === right[j - 1];
      if (isExchange) best = Math.min(best, at(i - 2, j - 2) + 1);
      table[i * width + j] = best;
    }
  }
  return at(left.length, right.length);
}

/** The nearest of `known`, or undefined when none is near: at most a third of the letters may differ, and never more than three. */
export function nearest(word: string, known: readonly string[]): string | undefined {
  const most = Math.min(3, Math.floor(word.length / 3) || 1);
  let best: string | undefined;
  let bestDistance = most + 1;
  if (word.length > 64) return undefined;
  for (const candidate of known) {
    const distance = editDistance(word, candidate);
    if (distance < bestDistance) [best, bestDistance] = [candidate, distance];
  }
  return best;
}
