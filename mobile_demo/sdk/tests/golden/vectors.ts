/** The golden vectors that the Python runtime wrote. A file that is missing or empty is a failure. */

const FILES = import.meta.glob<string>("../../../../tests/vectors/*.json", {
  query: "?raw",
  import: "default",
  eager: true,
});

/** The names of all files of vectors. */
export const NAMES = Object.keys(FILES).map((path) => path.slice(path.lastIndexOf("/") + 1));

/** The content of a file that has at least `least` cases. */
export function vectors(name: string, least: number): any {
  const found = FILES[`../../../../tests/vectors/${name}`];
  if (found === undefined) throw new Error(`${name}: missing`);
  const content = JSON.parse(found);
  if (!(content.cases.length >= least)) throw new Error(`${name}: fewer than ${least} cases`);
  return content;
}
