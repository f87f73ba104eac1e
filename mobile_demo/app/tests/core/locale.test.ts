/** Languages and countries as browsers say them, well formed or not. */
import "fake-indexeddb/auto";
import { expect, test } from "vitest";
import { clockOf, regionOf } from "../../src/app/locale.ts";
import { readChosen } from "../../src/app/settings.ts";
import { randomName } from "../../src/core/bytes.ts";
import { record } from "../../src/core/chats.ts";
import { Vault } from "../../src/core/vault.ts";

test.each([
  ["en-GB", "GB"], ["zh-Hant-TW", "TW"], ["de", ""], ["es-419", ""], ["en-001", ""], ["en-US@posix", ""], ["", ""],
])("the country of %j is %j", (tag, country) => expect(regionOf(tag)).toBe(country));

test.each([
  [["ca-ES@valencia"], "de", "18:05"], [["en-US@posix", "fr"], "en", "18:05"], [[], "en", "06:05 PM"],
  [["en-US", "de"], "de", "06:05 PM"],
])("on a phone of %j with the app in %j a time is %j", (tags, language, written) => {
  const at = new Date(2026, 0, 31, 18, 5);
  expect(clockOf(tags, language).format(at).replace(/\s/g, " ")).toBe(written);
});

test("a region that an earlier version kept as a country is no country", async () => {
  const vault = await Vault.open(randomName());
  const keep = (country: string) => vault.write([[record.settings, { name: "Sam", country }]]);
  await keep("419");
  expect(await readChosen(vault)).toMatchObject({ name: "Sam", country: "" });
  await keep("DE");
  expect(await readChosen(vault)).toMatchObject({ name: "Sam", country: "DE" });
});
