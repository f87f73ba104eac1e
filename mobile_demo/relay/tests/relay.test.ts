import { randomBytes } from "node:crypto";
import { mkdtemp, open, readFile, truncate, rm } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { LIMITS, Rates, type Limits } from "../limits.ts";
import { attachRelay, nameOf, type Relay } from "../relay.ts";
import { Store } from "../store.ts";

let folder: string;
let running: { server: Server; relay: Relay; store: Store } | undefined;
let now = 1_800_000_000;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "relay-"));
});
afterEach(async () => {
  await stop();
  await rm(folder, { recursive: true });
});

const file = () => join(folder, "relay.log");
const openStore = (limits: Partial<Limits> = {}) => Store.open(file(), { ...LIMITS, ...limits }, () => now);
const tag = () => randomBytes(16).toString("base64url");
const secret = () => randomBytes(32).toString("base64url");

async function start(limits: Partial<Limits> = {}): Promise<string> {
  const store = await openStore(limits);
  const server = createServer();
  const relay = attachRelay(server, "/relay", store, { ...LIMITS, ...limits });
  await new Promise<void>((ready) => server.listen(0, "127.0.0.1", ready));
  running = { server, relay, store };
  return `ws://127.0.0.1:${(server.address() as AddressInfo).port}/relay`;
}

async function stop(): Promise<void> {
  if (running === undefined) return;
  await running.relay.close();
  running.server.closeAllConnections();
  await new Promise((closed) => running!.server.close(closed));
  await running.store.close();
  running = undefined;
}

/** A connection whose answers are read one by one. */
class Client {
  readonly #answers: unknown[] = [];
  readonly #wanting: ((answer: unknown) => void)[] = [];
  readonly closed: Promise<number>;

  readonly socket: WebSocket;

  private constructor(socket: WebSocket) {
    this.socket = socket;
    this.closed = new Promise((done) => socket.addEventListener("close", ({ code }) => done(code)));
    socket.addEventListener("message", ({ data }) => {
      const answer: unknown = JSON.parse(String(data));
      const next = this.#wanting.shift();
      if (next) next(answer);
      else this.#answers.push(answer);
    });
  }

  static async open(address: string): Promise<Client> {
    const client = new Client(new WebSocket(address));
    await new Promise((done) => client.socket.addEventListener("open", done));
    return client;
  }

  send(request: unknown): void {
    this.socket.send(typeof request === "string" ? request : JSON.stringify(request));
  }

  next(): Promise<unknown> {
    if (this.#answers.length > 0) return Promise.resolve(this.#answers.shift());
    return new Promise((done) => this.#wanting.push(done));
  }

  async ask(request: unknown): Promise<unknown> {
    this.send(request);
    return this.next();
  }
}

test("a message waits for its reader, in order, until it is acknowledged", async () => {
  const address = await start();
  const [mine, writer] = [secret(), await Client.open(address)];
  const box = nameOf(mine);
  for (const data of ["one", "two"]) {
    const own = tag();
    expect(await writer.ask({ do: "put", box, tag: own, data })).toEqual({ done: own });
  }
  const reader = await Client.open(address);
  expect(await reader.ask({ do: "open", secret: mine })).toEqual({ box, seq: 1, data: "one" });
  expect(await reader.next()).toEqual({ box, seq: 2, data: "two" });
  writer.send({ do: "put", box, tag: tag(), data: "live" });
  expect(await reader.next()).toEqual({ box, seq: 3, data: "live" });
  reader.send({ do: "ack", box, seq: 2 });
  reader.send({ do: "ack", box, seq: 3 });
  // Its own box last: the answer shows that the acknowledgements were taken.
  expect(await reader.ask({ do: "put", box: nameOf(secret()), tag: "A".repeat(22), data: "xx" })).toBeTruthy();
  const again = await Client.open(address);
  expect(await again.ask({ do: "open", secret: mine })).toEqual({ box, seq: 1, data: "one" });
  again.send({ do: "put", box, tag: tag(), data: "last" });
  expect([await again.next(), await again.next()]).toContainEqual({ box, seq: 5, data: "last" });
});

test("who knows the name alone can neither read nor acknowledge", async () => {
  const address = await start();
  const [mine, stranger] = [secret(), await Client.open(address)];
  const box = nameOf(mine);
  const own = tag();
  await stranger.ask({ do: "put", box, tag: own, data: "kept" });
  stranger.send({ do: "ack", box, seq: 1 });
  stranger.send({ do: "open", secret: box });
  // The answer to a later request shows that nothing was answered to the two before.
  expect(await stranger.ask({ do: "put", box, tag: own, data: "kept" })).toEqual({ done: own });
  expect(await (await Client.open(address)).ask({ do: "open", secret: mine })).toEqual(
    { box, seq: 1, data: "kept" },
  );
});

test("a restart loses nothing that was accepted, and a line cut by a crash is no message", async () => {
  const [mine, other] = [secret(), secret()];
  let address = await start();
  let client = await Client.open(address);
  for (const data of ["1st-", "second", "3rd-"]) {
    await client.ask({ do: "put", box: nameOf(mine), tag: tag(), data });
  }
  await client.ask({ do: "open", secret: mine });
  await client.next();
  await client.next();
  client.send({ do: "ack", box: nameOf(mine), seq: 1 });
  await client.ask({ do: "put", box: nameOf(other), tag: tag(), data: "cut" });
  await stop();
  await truncate(file(), (await readFile(file())).length - 3);
  address = await start();
  client = await Client.open(address);
  expect(await client.ask({ do: "open", secret: mine })).toMatchObject({ seq: 2, data: "second" });
  expect(await client.next()).toMatchObject({ seq: 3, data: "3rd-" });
  const own = tag();
  client.send({ do: "open", secret: other });
  expect(await client.ask({ do: "put", box: nameOf(other), tag: own, data: "anew" })).toEqual({ done: own });
  expect(await client.next()).toMatchObject({ data: "anew" });
});

test("a write that failed halfway takes nothing along that is written after it", async () => {
  let store = await openStore();
  const box = nameOf(secret());
  await store.put(box, tag(), "before");
  const probe = await open(file(), "a");
  const disk = vi.spyOn(Object.getPrototypeOf(probe), "appendFile").mockImplementationOnce(async (text) => {
    await probe.write(String(text).slice(0, 20));
    throw new Error("no space left");
  });
  await expect(store.put(box, tag(), "lost")).rejects.toThrow("no space");
  disk.mockRestore();
  await probe.close();
  await store.put(box, tag(), "after");
  await store.close();
  store = await openStore();
  expect(store.after(box, 0).map(({ data }) => data)).toEqual(["before", "after"]);
  await store.close();
});

test("the file is written anew while the relay runs, and what waits meanwhile is kept once", async () => {
  let store = await openStore();
  const [box, other] = [nameOf(secret()), nameOf(secret())];
  await store.put(other, tag(), "stays");
  const data = "d".repeat(100_000);
  for (let seq = 2; seq < 40; seq += 1) {
    await Promise.all([store.put(box, tag(), data), store.put(other, tag(), `m${seq}`)]);
    for (const item of store.after(box, 0)) await store.acknowledge(box, item.seq);
  }
  const kept = store.after(other, 0);
  await store.close();
  expect((await readFile(file())).length).toBeLessThan(1_500_000);
  store = await openStore();
  expect(store.after(other, 0)).toEqual(kept);
  expect(store.after(box, 0)).toEqual([]);
  await store.close();
});

test("the same message sent twice is stored once", async () => {
  const store = await openStore();
  const [box, own] = [nameOf(secret()), tag()];
  await Promise.all([store.put(box, own, "once"), store.put(box, own, "once")]);
  expect(store.after(box, 0)).toHaveLength(1);
  await store.close();
});

test.each([
  ["a message", { messageBytes: 4 }, ["12345"], ["size"]],
  ["messages of a box", { boxMessages: 1 }, ["a", "b"], [undefined, "full"]],
  ["bytes of a box", { boxBytes: 3 }, ["ab", "cd"], [undefined, "full"]],
  ["bytes in all", { totalBytes: 3 }, ["ab", "cd"], [undefined, "full"]],
])("size limit: %s", async (_, limits, texts, answers) => {
  const store = await openStore(limits);
  const box = nameOf(secret());
  const given = [];
  for (const data of texts) given.push(await store.put(box, tag(), data));
  expect(given).toEqual(answers);
  await store.close();
});

test("age limit: what nobody fetched is gone, also from the disk after a restart", async () => {
  const box = nameOf(secret());
  let store = await openStore({ ageSeconds: 60 });
  await store.put(box, tag(), "old");
  now += 30;
  await store.put(box, tag(), "young");
  now += 31;
  expect(store.after(box, 0).map(({ data }) => data)).toEqual(["young"]);
  await store.close();
  store = await openStore({ ageSeconds: 60 });
  expect(store.after(box, 0).map(({ data }) => data)).toEqual(["young"]);
  await store.close();
  expect(await readFile(file(), "utf-8")).not.toContain("old");
});

test("rate limit: a refused message is named, so that its sender keeps it and tries again", async () => {
  const client = await Client.open(await start({ burst: 1, perSecond: 0.001 }));
  const [box, first, second] = [nameOf(secret()), tag(), tag()];
  expect(await client.ask({ do: "put", box, tag: first, data: "aa" })).toEqual({ done: first });
  expect(await client.ask({ do: "put", box, tag: second, data: "bb" })).toEqual({ refused: second, why: "rate" });
});

test("a bucket fills again with time", () => {
  const rates = new Rates({ ...LIMITS, burst: 2, perSecond: 1 });
  expect([0, 0, 0, 1, 1].map((at) => rates.take("a", at))).toEqual([true, true, false, true, false]);
  rates.forget(10);
  expect(rates.take("b", 0)).toBe(true);
});

test("connection limit", async () => {
  const address = await start({ connections: 1 });
  await Client.open(address);
  const second = new WebSocket(address);
  await new Promise((done) => second.addEventListener("error", done));
  expect(second.readyState).not.toBe(WebSocket.OPEN);
});

test.each([
  ["no JSON", "hello"],
  ["null", "null"],
  ["an unknown request", { do: "list" }],
  ["a box that is no hash", { do: "put", box: "../etc", tag: tag(), data: "aa" }],
  ["data that is no base64", { do: "put", box: nameOf(secret()), tag: tag(), data: "a b" }],
  ["data of a length that no base64 has", { do: "put", box: nameOf(secret()), tag: tag(), data: "ab-_A" }],
  ["a sequence that is no number", { do: "ack", box: nameOf(secret()), seq: "1" }],
])("%s closes the connection", async (_, request) => {
  const client = await Client.open(await start());
  client.send(request);
  expect(await client.closed).toBe(1008);
});
