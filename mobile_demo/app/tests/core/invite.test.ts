/** What an answer to a link must hold. */
import { expect, test } from "vitest";
import { random, toBase64 } from "../../src/core/bytes.ts";
import { MAX_NAME, openAnswer, sealAnswer } from "../../src/core/invite.ts";

const [box, secret] = [toBase64(random(32)), toBase64(random(32))];
const invitation = { box, secret, print: toBase64(random(32)), name: "Ana" };
const opened = async (name: unknown) =>
  openAnswer(invitation, await sealAnswer(invitation, { offer: "AAAA", box, name: name as string }));

test.each(["", "   ", "\u00a0\n", "n".repeat(MAX_NAME + 1), 7, null])("an answer that names itself %j is none", async (name) => {
  expect(await opened(name)).toBeUndefined();
});

test("a name is taken without the spaces around it", async () => {
  expect(await opened(`  Ben${" ".repeat(MAX_NAME)}`)).toEqual({ offer: "AAAA", box, name: "Ben" });
});
