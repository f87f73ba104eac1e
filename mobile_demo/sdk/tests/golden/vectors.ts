/** The golden vectors that the Python runtime wrote. A file that is missing or empty is a failure. */

const FILES = import.meta.glob<string>("../../../../tests/vectors/*.json", {
  query: "?raw",
  import: "default",
  eager: true,
});

/** The names of all files of vectors. */
export const NAMES = Object.keys(FILES).map((path) => path.slice(path.lastIndexOf("/") + 1));

/** A case, in the form that its file says. */
export type Case = Record<string, any>;

/** The content of a file that has at least `least` cases. */
export function vectors(name: string, least: number): Case & { cases: Case[] } {
  const found = FILES[`../../../../tests/vectors/${name}`];
  if (found === undefined) throw new Error(`${name}: missing`);
  const content = JSON.parse(found);
  if (!(content.cases.length >= least)) throw new Error(`${name}: fewer than ${least} cases`);
  return content;
}

/** The cases of each rule; fails if one is of a rule that is not among `rules`. */
export function byRule<Rule extends string>(
  cases: readonly Case[],
  rules: readonly Rule[],
): Record<Rule, Case[]> {
  const found = Object.fromEntries(rules.map((rule) => [rule, [] as Case[]])) as Record<
    Rule,
    Case[]
  >;
  for (const one of cases) found[one["rule"] as Rule].push(one);
  return found;
}
