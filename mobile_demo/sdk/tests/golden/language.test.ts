import { expect, test } from "vitest";
import { evidence, supported } from "../../src/language.js";
import { type Case, vectors } from "./vectors.js";

const { rule, cases } = vectors("language.json", 3);

test.each(cases.map((course) => ({ course })))("chat $#", ({ course }) => {
  let value = 0;
  for (const said of course as Case[]) {
    value = evidence(rule, value, said["text"], [1 - said["other"], said["other"]]);
    expect(Math.abs(value - said["evidence"])).toBeLessThan(1e-9);
    expect(supported(rule, value)).toBe(said["supported"]);
  }
});
