/** People with a vault each, who talk over a real relay. */
import "fake-indexeddb/auto";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { randomName } from "../../src/core/bytes.ts";
import type { Chat, Message } from "../../src/core/chats.ts";
import type { Content } from "../../src/core/content.ts";
import { parseLink, toLink } from "../../src/core/invite.ts";
import { Messenger } from "../../src/core/messenger.ts";
import { Vault } from "../../src/core/vault.ts";
import { LIMITS, type Limits } from "../../../relay/limits.ts";
import { attachRelay, type Relay } from "../../../relay/relay.ts";
import { Store } from "../../../relay/store.ts";

/** A relay that can be stopped and started again at the same address. */
export class RelayAt {
  #folder = "";
  #port = 0;
  #running: { server: Server; relay: Relay; store: Store } | undefined;
  readonly #limits: Limits;

  constructor(limits: Partial<Limits> = {}) {
    this.#limits = { ...LIMITS, ...limits };
  }

  get address(): string {
    return `ws://127.0.0.1:${this.#port}/relay`;
  }

  get store(): Store {
    return this.#running!.store;
  }

  async start(): Promise<void> {
    this.#folder ||= await mkdtemp(join(tmpdir(), "relay-"));
    const store = await Store.open(join(this.#folder, "relay.log"), this.#limits);
    const server = createServer();
    const relay = attachRelay(server, "/relay", store, this.#limits);
    await new Promise<void>((ready) => server.listen(this.#port, "127.0.0.1", ready));
    this.#port = (server.address() as AddressInfo).port;
    this.#running = { server, relay, store };
  }

  async stop(): Promise<void> {
    if (this.#running === undefined) return;
    const { server, relay, store } = this.#running;
    this.#running = undefined;
    await relay.close();
    await new Promise((closed) => server.close(closed));
    await store.close();
  }

  file(): Promise<string> {
    return readFile(join(this.#folder, "relay.log"), "utf-8");
  }

  async end(): Promise<void> {
    await this.stop();
    await rm(this.#folder, { recursive: true });
  }
}

export class Person {
  readonly heard: Message[] = [];
  full = 0;
  messenger!: Messenger;
  vault!: Vault;
  readonly name = randomName();

  static async start(relay: RelayAt): Promise<Person> {
    const person = new Person();
    await person.reload(relay);
    return person;
  }

  /** As a page does: the old one is gone, the new one reads what is kept. */
  async reload(relay: RelayAt): Promise<void> {
    this.close();
    this.vault = await Vault.open(this.name);
    this.messenger = new Messenger(this.vault, relay.address, {
      chat: () => {},
      message: (_, message, fresh) => {
        if (fresh && !message.mine) this.heard.push(message);
      },
      online: () => {},
      full: () => (this.full += 1),
    });
    await this.messenger.start();
  }

  get chat(): Chat {
    return this.messenger.chats[0]!;
  }

  get texts(): string[] {
    return this.heard.map(({ text }) => text);
  }

  say(text: string): Promise<Message> {
    return this.messenger.send(this.chat.id, said(text));
  }

  async history(): Promise<Message[]> {
    return this.messenger.messages(this.chat.id, Infinity);
  }

  close(): void {
    this.messenger?.close();
    this.vault?.close();
  }
}

export const said = (text: string): Content => ({ kind: "text", text, at: 1_800_000_000_000 });

export async function until(holds: () => boolean | Promise<boolean>, ms = 8_000): Promise<void> {
  const end = Date.now() + ms;
  while (!(await holds())) {
    if (Date.now() > end) throw new Error(`not within ${ms} ms: ${holds}`);
    await new Promise((later) => setTimeout(later, 5));
  }
}

/** Put bytes into a person's box, as anybody can who knows its name. */
export async function inject(relay: RelayAt, person: Person, data: string): Promise<void> {
  const socket = new WebSocket(relay.address);
  await new Promise((done) => socket.addEventListener("open", done));
  socket.send(JSON.stringify({ do: "put", box: person.chat.box, tag: randomName(), data }));
  await new Promise((done) => socket.addEventListener("message", done));
  socket.close();
}

/** Ana invites, Ben joins. */
export async function pair(relay: RelayAt): Promise<[Person, Person]> {
  const [ana, ben] = [await Person.start(relay), await Person.start(relay)];
  const { invitation } = await ana.messenger.invite("Anastasia", "");
  await ben.messenger.join(parseLink(toLink("https://chat.example/", invitation!))!, "Benedikt");
  await until(() => ana.chat.phase === "open" && ben.chat.phase === "open");
  return [ana, ben];
}
