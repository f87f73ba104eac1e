import { expect, test } from "vitest";
import { NAMES } from "./vectors.js";

test("each file of golden vectors is read by a test of its name", () => {
  const tests = Object.keys(import.meta.glob("./*.test.ts")).map((path) =>
    path.replace("./", "").replace(".test.ts", ".json"),
  );
  expect(tests.filter((name) => name !== "all.json").sort()).toEqual([...NAMES].sort());
});
