import { openDB } from "idb";
import { afterEach, beforeEach, expect, test } from "vitest";
import { fromBase64, random, randomName, toBase64 } from "../../src/core/bytes.ts";
import { record } from "../../src/core/chats.ts";
import { decode, encode } from "../../src/core/content.ts";
import { parseLink, sealAnswer, toLink, type Invitation } from "../../src/core/invite.ts";
import * as mls from "../../src/core/mls.ts";
import { StorageFull } from "../../src/core/vault.ts";
import { boxOf } from "../../src/core/wire.ts";
import { inject, pair, Person, RelayAt, said, until } from "./people.ts";

let relay: RelayAt;
const open: Person[] = [];

beforeEach(async () => {
  relay = new RelayAt();
  await relay.start();
});
afterEach(async () => {
  open.splice(0).forEach((person) => person.close());
  await relay.end();
});

async function two(): Promise<[Person, Person]> {
  const both = await pair(relay);
  open.push(...both);
  return both;
}

/** What lies for a person, taken off the relay as somebody in between could. */
function intercept(person: Person): string[] {
  return relay.store.after(person.chat.box, 0).map(({ data }) => data);
}

/** Hold a person's messages back: they are away while the other writes. */
async function whileAway(person: Person, act: () => Promise<unknown>, writer: Person): Promise<string[]> {
  person.messenger.close();
  await until(() => !person.messenger.online);
  await act();
  await until(async () => (await writer.history()).every(({ mine, sent }) => !mine || sent));
  const lying = intercept(person);
  for (const { seq } of relay.store.after(person.chat.box, 0)) {
    await relay.store.acknowledge(person.chat.box, seq);
  }
  return lying;
}

const put = (person: Person, data: string) => inject(relay, person, data);

test("two people talk both ways, and see the same safety number", async () => {
  const [ana, ben] = await two();
  await ana.say("hello ben");
  await ben.say("hello ana");
  await until(() => ben.heard.length === 1 && ana.heard.length === 1);
  expect([ben.texts, ana.texts]).toEqual([["hello ben"], ["hello ana"]]);
  expect(ana.chat.safety).toMatch(/^(\d{5} ){11}\d{5}$/);
  expect(ben.chat.safety).toBe(ana.chat.safety);
  const [cleo] = await two();
  expect(cleo.chat.safety).not.toBe(ana.chat.safety);
  expect([ana.chat.name, ben.chat.name]).toEqual(["Benedikt", "Anastasia"]);
});

test("the relay's file holds no word, no name and nothing that opens a message", async () => {
  const [ana, ben] = await two();
  await whileAway(ben, () => ana.say("the word is marzipan"), ana);
  const file = await relay.file();
  expect(file.length).toBeGreaterThan(500);
  const all = file + [...file.matchAll(/"([\w-]{40,})"/g)]
    .map(([, text]) => Buffer.from(text!, "base64url").toString("latin1")).join();
  for (const word of ["marzipan", "Anastasia", "Benedikt"]) expect(all.includes(word), word).toBe(false);
});

test("a message that is sent again by somebody in between is shown once", async () => {
  const [ana, ben] = await two();
  const [data] = await whileAway(ben, () => ana.say("once"), ana);
  await ben.reload(relay);
  for (let i = 0; i < 3; i++) await put(ben, data!);
  await ana.say("after");
  await until(() => ben.texts.includes("after"));
  expect(ben.texts).toEqual(["once", "after"]);
  expect(ben.chat.left).toBe(0);
});

test("messages that come out of order are all read", async () => {
  const [ana, ben] = await two();
  const lying = await whileAway(ben, async () => {
    for (const text of ["one", "two", "three"]) await ana.say(text);
  }, ana);
  await ben.reload(relay);
  for (const data of lying.reverse()) await put(ben, data);
  await until(() => ben.heard.length === 3);
  expect(ben.texts).toEqual(["three", "two", "one"]);
});

test("a message changed in one bit is left out, is counted, and the next is read", async () => {
  const [ana, ben] = await two();
  const [data] = await whileAway(ben, () => ana.say("true"), ana);
  await ben.reload(relay);
  const changed = fromBase64(data!);
  changed[changed.length - 20]! ^= 1;
  await put(ben, toBase64(changed));
  await put(ben, toBase64(random(300)));
  await until(() => ben.chat.left === 1);
  await put(ben, data!);
  await until(() => ben.heard.length === 1);
  expect(ben.texts).toEqual(["true"]);
});

test("what is no ciphertext at all goes away, and the next message is read", async () => {
  const [ana, ben] = await pair(relay);
  await relay.store.put(ana.chat.box, randomName(), "ab-_A");
  await ben.say("hello");
  await until(() => ana.texts.length === 1);
  await until(() => relay.store.after(ana.chat.box, 0).length === 0);
});

test.each([Number.MAX_SAFE_INTEGER, -8.7e15, 1.5])("a message at the time %s is none", (at) => {
  expect(() => decode(encode({ kind: "text", text: "hi", at }))).toThrow(RangeError);
});

test.each(["spoilt", "gone"])("where a chat's keys are %s it says so, and the other chats go on", async (how) => {
  const [ana, ben] = await two();
  const { id } = ana.chat;
  const { invitation } = await ana.messenger.invite("Anastasia", "");
  const cleo = await Person.start(relay);
  open.push(cleo);
  await cleo.messenger.join(parseLink(toLink("https://chat.example/", invitation!))!, "Cleo");
  await until(() => cleo.chat.phase === "open");
  if (how === "gone") await ana.vault.write([[record.state(id), undefined]]);
  else {
    const database = await openDB(ana.name);
    await database.put("records", new Uint8Array(40), record.state(id));
    database.close();
  }
  await expect(ana.messenger.send(id, said("hello"))).rejects.toThrow("not open");
  await ben.say("nobody can read this");
  await cleo.say("and this is read");
  await until(() => ana.messenger.chat(id)!.left === 1);
  await until(() => ana.texts.includes("and this is read"));
  // It is not sent over and over.
  await until(() => relay.store.after(ana.messenger.chat(id)!.box, 0).length === 0);
  expect(ana.texts).toEqual(["and this is read"]);
  expect(ana.vault.lost.size).toBe(how === "gone" ? 0 : 1);
});

test("a message that comes before the welcome waits for it", async () => {
  const [ana, ben] = [await Person.start(relay), await Person.start(relay)];
  open.push(ana, ben);
  const { invitation } = await ana.messenger.invite("Ana", "");
  await ben.messenger.join(invitation!, "Ben");
  await until(() => relay.store.after(ana.chat.box, 0).length === 1 || ana.chat.phase === "open");
  ben.messenger.close();
  await until(() => ana.chat.phase === "open");
  await ana.say("early");
  await until(() => intercept(ben).length === 2);
  const waiting = relay.store.after(ben.chat.box, 0);
  for (const { seq } of waiting) await relay.store.acknowledge(ben.chat.box, seq);
  for (const { data } of [...waiting].reverse()) await put(ben, data);
  await ben.reload(relay);
  await until(() => ben.heard.length === 1);
  expect(ben.texts).toEqual(["early"]);
});

test("while the relay is down messages are kept, also over a reload, and sent in order later", async () => {
  const [ana, ben] = await two();
  await relay.stop();
  await ana.say("one");
  await ana.say("two");
  expect((await ana.history()).map(({ sent }) => sent)).toEqual([false, false]);
  await ana.reload(relay);
  await ana.say("three");
  await relay.start();
  ana.messenger.hurry();
  ben.messenger.hurry();
  await until(() => ben.heard.length === 3);
  expect(ben.texts).toEqual(["one", "two", "three"]);
  await until(async () => (await ana.history()).every(({ sent }) => sent));
});

test("a relay that starts again still has what nobody fetched", async () => {
  const [ana, ben] = await two();
  ben.messenger.close();
  await ana.say("kept");
  await until(async () => (await ana.history())[0]!.sent);
  await relay.stop();
  await relay.start();
  await ben.reload(relay);
  await until(() => ben.heard.length === 1);
  expect(ben.texts).toEqual(["kept"]);
});

test("where the phone is full nothing is sent or lost, and it goes on once there is room", async () => {
  const [ana, ben] = await two();
  const write = ben.vault.write.bind(ben.vault);
  ben.vault.write = async () => {
    throw new StorageFull("full");
  };
  await expect(ben.say("no room")).rejects.toThrow(StorageFull);
  await ana.say("waits");
  await until(() => ben.full > 0);
  expect(ben.heard).toEqual([]);
  expect(intercept(ben)).toHaveLength(1);
  ben.vault.write = write;
  await ben.reload(relay);
  await until(() => ben.heard.length === 1);
  await ben.say("room again");
  await until(() => ana.heard.length === 1);
  expect(ana.texts).toEqual(["room again"]);
});

test("a rate limit delays and loses nothing", async () => {
  await relay.end();
  relay = new RelayAt({ burst: 8, perSecond: 50 });
  await relay.start();
  const [ana, ben] = await two();
  const texts = Array.from({ length: 20 }, (_, i) => String(i));
  await Promise.all(texts.map((text) => ana.say(text)));
  await until(() => ben.heard.length === 20, 15_000);
  expect([...ben.texts].sort()).toEqual([...texts].sort());
});

test("a link used by a second person lets them nowhere", async () => {
  const ana = await Person.start(relay);
  const { invitation } = await ana.messenger.invite("Ana", "");
  const [ben, eve] = [await Person.start(relay), await Person.start(relay)];
  open.push(ana, ben, eve);
  await ben.messenger.join(invitation!, "Ben");
  await until(() => ben.chat?.phase === "open");
  await eve.messenger.join(invitation!, "Eve");
  await ana.say("for ben");
  await until(() => ben.heard.length === 1);
  await eve.messenger.idle();
  expect([eve.chat.phase, eve.heard]).toEqual(["joining", []]);
  await expect(eve.say("hi")).rejects.toThrow("not open");
});

test.each<["print" | "secret", string]>([
  ["print", "open"],
  ["secret", "invited"],
])("an invitation with another %s opens no chat", async (part, phaseOfAna) => {
  const [ana, ben] = [await Person.start(relay), await Person.start(relay)];
  open.push(ana, ben);
  const real = (await ana.messenger.invite("Ana", "")).invitation!;
  await ben.messenger.join({ ...real, [part]: toBase64(random(32)) }, "Ben");
  await until(async () => (await ben.vault.list("out/")).length === 0);
  await until(() => [ana, ben].every(({ chat }) => relay.store.after(chat.box, 0).length === 0));
  await new Promise((later) => setTimeout(later, 100));
  expect([ana.chat.phase, ben.chat.phase]).toEqual([phaseOfAna, "joining"]);
});

test("a relay that answers in the inviter's place is not let in", async () => {
  const ben = await Person.start(relay);
  open.push(ben);
  const secret = toBase64(random(32));
  const honest = await mls.newKeys();
  const invitation: Invitation = {
    box: await boxOf(secret), secret: toBase64(random(32)), name: "Ana",
    print: await mls.fingerprint(mls.publicKey(honest.offer)),
  };
  await ben.messenger.join(invitation, "Ben");
  // The relay sees Ben's box only if it holds the link's secret: give it even that.
  const { start } = mls;
  const welcome = (await start(await mls.newKeys(), ben.chat.keys!.offer)).welcome;
  await put(ben, toBase64(welcome));
  await until(() => intercept(ben).length === 0);
  expect(ben.chat.phase).toBe("joining");
  await put(ben, toBase64((await start(honest, ben.chat.keys!.offer)).welcome));
  await until(() => ben.chat.phase === "open");
});

test("somebody who does not hold the link cannot answer it", async () => {
  const ana = await Person.start(relay);
  open.push(ana);
  const { invitation } = await ana.messenger.invite("Ana", "");
  const guessed = { ...invitation!, secret: toBase64(random(32)) };
  const answer = { offer: (await mls.newKeys()).offer, box: invitation!.box, name: "Eve" };
  await put(ana, toBase64(await sealAnswer(guessed, answer)));
  await until(() => intercept(ana).length === 0);
  expect(ana.chat.phase).toBe("invited");
});

test("a chat that is removed leaves nothing on the phone, and its outbox is empty", async () => {
  const [ana] = await two();
  await relay.stop();
  await ana.say("gone");
  await ana.messenger.remove(ana.chat.id);
  for (const prefix of ["chat/", "state/", "message/", "out/"]) {
    expect(await ana.vault.list(prefix)).toEqual([]);
  }
});

test.each(["", "#join=", "#join=a.b.c.d", "https://x.example/#join=" + "A".repeat(43)])(
  "no invitation: %j", (text) => expect(parseLink(text)).toBeUndefined(),
);

test("a link brings back what went in, and its secret stays in the fragment", () => {
  const invitation = {
    box: toBase64(random(32)), print: toBase64(random(32)), secret: toBase64(random(32)), name: "Zoë 🌱",
  };
  const link = toLink("https://chat.example/", invitation);
  expect(parseLink(link)).toEqual(invitation);
  expect(new URL(link).pathname + new URL(link).search).toBe("/");
});

test("what is sent differs in size only by steps", async () => {
  const keys = await mls.newKeys();
  const { state } = await mls.start(keys, (await mls.newKeys()).offer);
  const size = async (text: string) => (await mls.seal(state, encode(said(text)))).sealed.length;
  expect(await size("a")).toBe(await size("a".repeat(150)));
  expect(await size("a".repeat(3_000))).toBe(await size("a".repeat(2_100)));
});
