import { describe, expect, test } from "vitest";
import { parseJson } from "../../src/reading.js";
import { Recontact, RecontactError } from "../../src/recontact.js";
import { contactForms, handleForms, linkForms, paymentForms } from "../../src/recontactForms.js";
import { TextPreparer } from "../../src/text.js";
import { bytes, fromHex, hexOf } from "../support.js";
import { byRule, vectors } from "./vectors.js";

const found = vectors("recontact.json", 70);
const of = byRule(found.cases, ["handle", "text", "list", "hints", "refused"]);
const table = parseJson(await bytes("model/safelight/bundle/text.json"), "text.json");
const preparer = new TextPreparer(table);
const key = fromHex(found.key);
const inOrder = (forms: Set<string>): string[] => [...forms].sort();

describe("forms", () => {
  test.each(of.handle)("handle $#", ({ handle, forms }) => {
    expect(inOrder(handleForms(preparer, handle))).toEqual(forms);
  });

  test.each(of.text)("text $#", ({ text, payment, contact, link }) => {
    expect({
      payment: inOrder(paymentForms(preparer, text)),
      contact: inOrder(contactForms(preparer, text)),
      link: inOrder(linkForms(preparer, text)),
    }).toEqual({ payment, contact, link });
  });
});

test("what is stored after each step, and read again", async () => {
  const list = await Recontact.open(preparer, key);
  for (const step of of.list) {
    if ("add" in step) list.add(step.add, step);
    else expect(list.forget(step.forget)).toBe(step.known);
    expect(hexOf(list.toBytes())).toBe(step.stored);
    const again = await Recontact.open(preparer, key, fromHex(step.stored));
    expect(hexOf(again.toBytes())).toBe(step.stored);
  }
});

describe("hints", () => {
  test.each(of.hints)("$why", async ({ handle, texts, hints }) => {
    const list = await Recontact.open(preparer, key, fromHex(of.list[2]!["stored"]));
    expect(list.hints({ handle, texts })).toEqual(hints);
  });
});

describe("refused", () => {
  test.each(of.refused)("$why", async (line) => {
    const opened = Recontact.open(preparer, fromHex(line.key), fromHex(line.stored));
    await expect(opened).rejects.toThrow(RecontactError);
  });
});
