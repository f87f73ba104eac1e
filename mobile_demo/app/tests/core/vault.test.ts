import "fake-indexeddb/auto";
import { openDB } from "idb";
import { expect, test } from "vitest";
import { pad, random, unpad, randomName } from "../../src/core/bytes.ts";
import { decode, encode } from "../../src/core/content.ts";
import { Vault } from "../../src/core/vault.ts";

async function raw(name: string): Promise<Map<string, Uint8Array>> {
  const database = await openDB(name);
  const [names, values] = await Promise.all([database.getAllKeys("records"), database.getAll("records")]);
  database.close();
  return new Map(names.map((each, i) => [String(each), values[i]]));
}

test("what is kept is encrypted, and read again by name, by prefix and from the end", async () => {
  const name = randomName();
  const vault = await Vault.open(name);
  await vault.write([["a/1", { text: "marzipan" }], ["a/2", 2], ["b/1", 3]]);
  expect(await vault.read("a/1")).toEqual({ text: "marzipan" });
  expect(await vault.list("a/")).toEqual([{ text: "marzipan" }, 2]);
  expect(await vault.last("a/", 1)).toEqual([2]);
  expect(await vault.list("a/", { from: "a/2", first: 5 })).toEqual([2]);
  expect(await vault.list("a/", { first: 1 })).toEqual([{ text: "marzipan" }]);
  const all = [...(await raw(name)).values()].map((bytes) => Buffer.from(bytes).toString("latin1"));
  expect(all.join()).not.toContain("marzipan");
  await vault.write([["a/1", undefined], ["c", 4]]);
  expect([await vault.read("a/1"), await vault.read("c")]).toEqual([undefined, 4]);
});

test("a record in another's place, or changed, is not read", async () => {
  const name = randomName();
  const vault = await Vault.open(name);
  await vault.write([["one", "first"], ["two", "second"]]);
  const database = await openDB(name);
  await database.put("records", await database.get("records", "one"), "two");
  const changed = await database.get("records", "one");
  changed[changed.length - 1] ^= 1;
  await database.put("records", changed, "one");
  expect([await vault.read("two"), await vault.read("one")]).toEqual([undefined, undefined]);
  expect([...vault.lost]).toEqual(["two", "one"]);
});

test("a record that cannot be opened is passed over and counted once; the others are read", async () => {
  const name = randomName();
  const vault = await Vault.open(name);
  await vault.write([["a/1", "first"], ["a/2", "second"], ["a/3", "third"]]);
  const database = await openDB(name);
  await database.put("records", new Uint8Array(40), "a/2");
  for (let i = 0; i < 2; i++) {
    expect(await vault.list("a/")).toEqual(["first", "third"]);
    expect(await vault.list("a/", { from: "a/2", first: 1 })).toEqual([]);
    expect(await vault.last("a/", 2)).toEqual(["third"]);
  }
  expect([...vault.lost]).toEqual(["a/2"]);
  await vault.erase("b/");
  expect(vault.lost.size).toBe(1);
  await vault.write([["a/2", "again"]]);
  expect([await vault.list("a/"), vault.lost.size]).toEqual([["first", "again", "third"], 0]);
  await database.put("records", new Uint8Array(40), "a/2");
  expect([await vault.list("a/2"), vault.lost.size]).toEqual([[], 1]);
  await vault.erase("a/");
  expect([await vault.list("a/"), vault.lost.size]).toEqual([[], 0]);
});

test("a list of a database that is closed is none at all", async () => {
  const vault = await Vault.open(randomName());
  await vault.write([["a", 1]]);
  vault.close();
  await expect(vault.list("")).rejects.toThrow();
  await expect(vault.last("", 1)).rejects.toThrow();
});

test.each(["open", "closed", "never opened"])("a vault that is %s is erased", async (state) => {
  const name = randomName();
  const vault = await Vault.open(name);
  await vault.write([["a", 1]]);
  if (state !== "open") vault.close();
  await Vault.erase(state === "never opened" ? undefined : vault, name);
  expect(await (await Vault.open(name)).list("")).toEqual([]);
});

test("two tabs that start at once share one key, which cannot be exported", async () => {
  const name = randomName();
  const [one, other] = await Promise.all([Vault.open(name), Vault.open(name)]);
  await one.write([["a", "from one"]]);
  expect(await other.read("a")).toBe("from one");
  const database = await openDB(name);
  const key: CryptoKey = await database.get("keys", "records");
  expect(key.extractable).toBe(false);
  await expect(crypto.subtle.exportKey("raw", key)).rejects.toThrow();
});

test("after destroy a new vault is empty and has another key", async () => {
  const name = randomName();
  const vault = await Vault.open(name);
  await vault.write([["a", 1]]);
  const before = (await raw(name)).get("a")!;
  await vault.destroy();
  const fresh = await Vault.open(name);
  expect(await fresh.list("")).toEqual([]);
  const database = await openDB(name);
  await database.put("records", before, "a");
  expect(await fresh.read("a")).toBeUndefined();
  expect([...fresh.lost]).toEqual(["a"]);
});

test.each([0, 1, 251, 252, 253, 2044, 2045, 5000])("padding hides %i bytes and gives them back", (length) => {
  const bytes = random(length);
  const padded = pad(bytes);
  expect(unpad(padded)).toEqual(bytes);
  expect(padded.length % 256).toBe(0);
});

test.each([
  { kind: "text", text: "a".repeat(4_001), at: 1 },
  { kind: "text", text: "a", at: 1, picture: "AAAA" },
  { kind: "image", text: "", at: 1 },
  { kind: "image", text: "", at: 1, picture: "javascript:" },
  { kind: "file", text: "", at: 1 },
  { kind: "text", text: 1, at: 1 },
  { kind: "text", text: "a", at: "now" },
])("not a message: %j", (content) => {
  expect(() => decode(encode(content as never))).toThrow(RangeError);
});
