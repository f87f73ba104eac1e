/**
 * Chats over MLS: what the person does and what arrives, one thing after the other.
 *
 * Every step is kept in the vault, in one write, before anything is sent or acknowledged. So a
 * reload, a lost connection or a full phone at any moment loses nothing: what was not kept is
 * still with the relay, and what was not accepted by it is sent again.
 */
import type { Bytes } from "./bytes.ts";
import { record, type Chat, type Message, type Outgoing } from "./chats.ts";
import { decode, encode, type Content } from "./content.ts";
import type { Invitation } from "./invite.ts";
import * as mls from "./mls.ts";
import * as opening from "./opening.ts";
import { Outbox } from "./outbox.ts";
import { StorageFull, type Vault } from "./vault.ts";
import { Wire } from "./wire.ts";

/** What the screen hears of. */
export interface MessengerEvents {
  readonly chat: (chat: Chat) => void;
  readonly message: (chat: Chat, message: Message, fresh: boolean) => void;
  readonly online: (online: boolean) => void;
  /** The phone had no room for something; it waits with the relay. */
  readonly full: () => void;
}

const RETRY_MS = 1_000;
const PREVIEW = 60;

export class Messenger {
  readonly #vault: Vault;
  readonly #wire: Wire;
  readonly #events: MessengerEvents;
  readonly #chats = new Map<string, Chat>();
  readonly #outbox: Outbox;
  /** How many messages each chat had before anything of now could arrive. */
  readonly #before = new Map<string, number>();
  /** What came before its chat was open: it is read after the welcome. */
  readonly #early: { box: string; seq: number; data: Bytes }[] = [];
  #turn: Promise<unknown> = Promise.resolve();
  #closed = false;

  constructor(vault: Vault, address: string, events: MessengerEvents) {
    this.#vault = vault;
    this.#events = events;
    this.#wire = new Wire(address, {
      changed: (online) => {
        if (online) this.#connected();
        events.online(online);
      },
      arrived: (box, seq, data) => void this.#inTurn(() => this.#arrived(box, seq, data)),
      accepted: (tag) => void this.#inTurn(() => this.#accepted(tag)),
      refused: (tag, why) => void this.#inTurn(() => this.#outbox.refused(tag, why)),
    });
    this.#outbox = new Outbox(vault, this.#wire);
  }

  get online(): boolean {
    return this.#wire.online;
  }

  get chats(): Chat[] {
    return [...this.#chats.values()].sort((a, b) => b.at - a.at);
  }

  chat(id: string): Chat | undefined {
    return this.#chats.get(id);
  }

  /** The number of the first message of a chat that came, or was written, since the start. */
  sinceStart(id: string): number {
    return this.#before.get(id) ?? 0;
  }

  /** Read what is kept, then connect. */
  async start(): Promise<void> {
    for (const chat of await this.#vault.list<Chat>("chat/")) {
      this.#chats.set(chat.id, chat);
      this.#before.set(chat.id, chat.next);
    }
    await this.#outbox.load();
    this.#wire.connect();
  }

  hurry(): void {
    this.#wire.hurry();
  }

  close(): void {
    this.#closed = true;
    this.#outbox.close();
    this.#wire.close();
  }

  /** Settled once everything that was asked or has arrived so far is done. */
  idle(): Promise<unknown> {
    return this.#turn;
  }

  /** The last messages of a chat, in order. */
  messages(id: string, last: number): Promise<Message[]> {
    return this.#vault.last(record.messages(id), last);
  }

  /** So many messages of a chat from a number on, in order. */
  messagesFrom(id: string, number: number, first: number): Promise<Message[]> {
    return this.#vault.list(record.messages(id), { from: record.message(id, number), first });
  }

  picture(id: string, number: number): Promise<string | undefined> {
    return this.#vault.read(record.picture(id, number));
  }

  /** Make a link for one person. name: as the other will see me; peer: as I call them. */
  invite(myName: string, peer: string): Promise<Chat> {
    return this.#inTurn(async () => this.#keep(await opening.invited(myName, peer)));
  }

  /** Answer a link. The chat opens once its maker, and nobody else, has let us in. */
  join(invitation: Invitation, myName: string): Promise<Chat> {
    return this.#inTurn(async () => {
      const known = this.chats.find((chat) => chat.invitation?.box === invitation.box);
      if (known) return known;
      const { chat, answer } = await opening.joining(invitation, myName);
      return this.#keep(chat, [this.#outbox.next(chat.id, invitation.box, answer)]);
    });
  }

  /** Encrypt, keep, send. It is in the outbox when this is done, whether or not there is a network. */
  send(id: string, content: Content): Promise<Message> {
    return this.#inTurn(async () => {
      const chat = this.#chats.get(id);
      const state = await this.#vault.read<string>(record.state(id));
      if (chat?.phase !== "open" || state === undefined) throw new Error("the chat is not open");
      const { state: moved, sealed } = await mls.seal(state, encode(content));
      const message = { number: chat.next, mine: true, ...shown(content), sent: false };
      const out = this.#outbox.next(id, chat.peerBox!, sealed, message.number);
      const after = { ...moveOn(chat, message), read: message.number };
      await this.#keep(after, [out], [
        [record.state(id), moved],
        [record.message(id, message.number), message],
        [record.picture(id, message.number), content.picture],
      ]);
      this.#events.message(after, message, true);
      return message;
    });
  }

  /** Change what the person chose for a chat, or up to where they have read. */
  change(id: string, chosen: Partial<Pick<Chat, "muted" | "fineAfter" | "forgotten" | "read" | "name">>): Promise<void> {
    return this.#inTurn(async () => {
      const chat = this.#chats.get(id);
      if (chat) await this.#keep({ ...chat, ...chosen });
    });
  }

  /** Keep whether a message is covered. */
  cover(id: string, message: Message, covered: boolean): Promise<void> {
    return this.#inTurn(async () => {
      const changed = { ...message, covered };
      await this.#vault.write([[record.message(id, message.number), changed]]);
      const chat = this.#chats.get(id);
      if (chat) this.#events.message(chat, changed, false);
    });
  }

  /** Take a chat away from this phone. The other person sees nothing of it. */
  remove(id: string): Promise<void> {
    return this.#inTurn(async () => {
      const gone = this.#outbox.of(id);
      await this.#vault.write([
        [record.chat(id), undefined],
        [record.state(id), undefined],
        ...gone.map(({ place }) => [record.out(place), undefined] as const),
      ]);
      await this.#vault.erase(record.messages(id));
      await this.#vault.erase(record.pictures(id));
      for (const each of gone) this.#outbox.drop(each);
      this.#chats.delete(id);
    });
  }

  /** Write a chat, with what belongs to the same step; then show it and send. */
  async #keep(
    chat: Chat, out: readonly Outgoing[] = [], more: readonly (readonly [string, unknown])[] = [],
  ): Promise<Chat> {
    await this.#vault.write([
      [record.chat(chat.id), chat],
      ...out.map((each) => [record.out(each.place), each] as const),
      ...more,
    ]);
    if (!this.#chats.has(chat.id)) this.#wire.open(chat.secret);
    this.#chats.set(chat.id, chat);
    for (const each of out) this.#outbox.send(each);
    this.#events.chat(chat);
    return chat;
  }

  #connected(): void {
    for (const { secret } of this.#chats.values()) this.#wire.open(secret);
    this.#outbox.flush();
  }

  async #accepted(tag: string): Promise<void> {
    const out = this.#outbox.get(tag);
    if (out === undefined) return;
    const chat = this.#chats.get(out.chat);
    const name = out.number === undefined ? undefined : record.message(out.chat, out.number);
    const message = name && (await this.#vault.read<Message>(name));
    const sent = message && { ...message, sent: true };
    await this.#vault.write([
      [record.out(out.place), undefined],
      ...(name && sent ? [[name, sent] as const] : []),
    ]);
    this.#outbox.drop(out);
    if (chat && sent) this.#events.message(chat, sent, false);
  }

  async #arrived(box: string, seq: number, data: Bytes): Promise<void> {
    const chat = this.chats.find((each) => each.box === box);
    if (chat === undefined) return;
    if (chat.phase === "joining" && mls.isMessage(data)) {
      this.#early.push({ box, seq, data });
      return;
    }
    try {
      await this.#take(chat, data);
    } catch (error) {
      if (error instanceof StorageFull) return this.#postpone(box, seq, data);
      if (!(error instanceof mls.Refused)) throw error;
      if (mls.isMessage(data) && !error.seen) await this.#leave(chat);
    }
    this.#wire.acknowledge(box, seq);
    if (chat.phase === "joining" && this.#chats.get(chat.id)?.phase === "open") {
      const early = this.#early.splice(0);
      for (const each of early) await this.#arrived(each.box, each.seq, each.data);
    }
  }

  async #take(chat: Chat, data: Bytes): Promise<void> {
    if (chat.phase === "invited") await this.#letIn(chat, data);
    else if (chat.phase === "joining") await this.#enter(chat, data);
    else await this.#receive(chat, data);
  }

  async #letIn(chat: Chat, data: Bytes): Promise<void> {
    const { open, state, welcome } = await opening.letIn(chat, data);
    await this.#keep(open, [this.#outbox.next(open.id, open.peerBox!, welcome)], [[record.state(open.id), state]]);
  }

  async #enter(chat: Chat, data: Bytes): Promise<void> {
    const { open, state } = await opening.enter(chat, data);
    await this.#keep(open, [], [[record.state(open.id), state]]);
  }

  async #receive(chat: Chat, data: Bytes): Promise<void> {
    const state = await this.#vault.read<string>(record.state(chat.id));
    if (state === undefined) throw new mls.Refused("the keys of the chat are gone");
    const { state: moved, plain } = await mls.unseal(state, data);
    let content: Content;
    try {
      content = decode(plain);
    } catch {
      throw new mls.Refused("not a message");
    }
    const message = { number: chat.next, mine: false, ...shown(content), sent: true };
    const after = moveOn(chat, message);
    await this.#keep(after, [], [
      [record.state(chat.id), moved],
      [record.message(chat.id, message.number), message],
      [record.picture(chat.id, message.number), content.picture],
    ]);
    this.#events.message(after, message, true);
  }

  /** It stays with the relay, and is tried again while the person makes room. */
  #postpone(box: string, seq: number, data: Bytes): void {
    this.#events.full();
    setTimeout(() => {
      if (!this.#closed) void this.#inTurn(() => this.#arrived(box, seq, data));
    }, RETRY_MS);
  }

  /** Count what could not be read; it changed nothing else. */
  async #leave(chat: Chat): Promise<void> {
    const now = this.#chats.get(chat.id)!;
    await this.#keep({ ...now, left: now.left + 1 }).catch((error) => {
      if (!(error instanceof StorageFull)) throw error;
    });
  }

  #inTurn<Result>(act: () => Promise<Result>): Promise<Result> {
    const result = this.#turn.then(act);
    this.#turn = result.catch(() => undefined);
    return result;
  }
}

/** The part of a message that the history shows. */
function shown({ kind, text, at }: Content): Pick<Message, "kind" | "text" | "at"> {
  return { kind, text, at };
}

function moveOn(chat: Chat, message: Message): Chat {
  const last = message.text.slice(0, PREVIEW);
  return { ...chat, next: message.number + 1, last, lastKind: message.kind, at: Date.now() };
}
