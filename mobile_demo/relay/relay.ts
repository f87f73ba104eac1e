/**
 * The relay: WebSockets in front of a Store. It sees names of boxes, times and sizes.
 *
 * Whoever knows a box's name may put into it; only who knows its secret, of which the name is the
 * hash, may read and acknowledge. Nothing is logged.
 */
import { createHash } from "node:crypto";
import type { IncomingMessage, Server } from "node:http";
import { WebSocketServer, type WebSocket } from "ws";
import { LIMITS, Rates, type Limits } from "./limits.ts";
import type { Store } from "./store.ts";

const NAME = /^[A-Za-z0-9_-]{43}$/;
const TAG = /^[A-Za-z0-9_-]{22}$/;
const DATA = /^[A-Za-z0-9_-]+$/;
const SWEEP_MS = 60_000;

type Request =
  | { do: "put"; box: string; tag: string; data: string }
  | { do: "open"; secret: string }
  | { do: "ack"; box: string; seq: number };

interface Reader {
  readonly socket: WebSocket;
  /** Whether it has answered since it was last asked. */
  alive: boolean;
  /** The last message that went over this connection, by box. */
  readonly sent: Map<string, number>;
}

export interface Relay {
  close(): Promise<void>;
}

/** Serve WebSockets at `path` of a server. */
export function attachRelay(server: Server, path: string, store: Store, limits: Limits = LIMITS): Relay {
  const sockets = new WebSocketServer({ noServer: true, maxPayload: limits.messageBytes + 1_000 });
  const readers = new Set<Reader>();
  const rates = new Rates(limits);
  const addresses = new Map<string, number>();
  const sweep = setInterval(() => {
    rates.forget(seconds());
    store.sweep();
    for (const reader of readers) ask(reader);
  }, SWEEP_MS).unref();

  server.on("upgrade", (asked: IncomingMessage, socket, head) => {
    const address = asked.socket.remoteAddress ?? "";
    if (asked.url !== path || (addresses.get(address) ?? 0) >= limits.connections) {
      socket.destroy();
      return;
    }
    addresses.set(address, (addresses.get(address) ?? 0) + 1);
    sockets.handleUpgrade(asked, socket, head, (opened) => serve(opened, address));
  });

  /** A phone that is gone does not say so: a connection that answers no ping is closed. */
  function ask(reader: Reader): void {
    if (!reader.alive) return reader.socket.terminate();
    reader.alive = false;
    reader.socket.ping();
  }

  function serve(socket: WebSocket, address: string): void {
    const reader: Reader = { socket, alive: true, sent: new Map() };
    readers.add(reader);
    socket.on("pong", () => (reader.alive = true));
    let turn = Promise.resolve();
    socket.on("message", (bytes, binary) => {
      const request = binary ? undefined : parse(String(bytes));
      if (request === undefined) return socket.close(1008);
      if (!rates.take(address, seconds())) {
        if (request.do === "put") say(socket, { refused: request.tag, why: "rate" });
        else socket.close(1013);
        return;
      }
      // One after the other, so that the order of a connection is the order of its boxes.
      turn = turn.then(() => answer(reader, request)).catch(() => socket.close(1011));
    });
    socket.on("error", () => socket.terminate());
    socket.on("close", () => {
      readers.delete(reader);
      const left = (addresses.get(address) ?? 1) - 1;
      if (left > 0) addresses.set(address, left);
      else addresses.delete(address);
    });
  }

  async function answer(reader: Reader, request: Request): Promise<void> {
    if (request.do === "put") {
      const refused = await store.put(request.box, request.tag, request.data);
      say(reader.socket, refused ? { refused: request.tag, why: refused } : { done: request.tag });
      for (const each of readers) deliver(each, request.box);
    } else if (request.do === "open") {
      const box = nameOf(request.secret);
      if (reader.sent.size >= limits.boxesOpen) return reader.socket.close(1008);
      if (!reader.sent.has(box)) reader.sent.set(box, 0);
      deliver(reader, box);
    } else if (reader.sent.has(request.box)) {
      await store.acknowledge(request.box, request.seq);
    }
  }

  function deliver(reader: Reader, box: string): void {
    const sent = reader.sent.get(box);
    if (sent === undefined) return;
    for (const { seq, data } of store.after(box, sent)) {
      say(reader.socket, { box, seq, data });
      reader.sent.set(box, seq);
    }
  }

  return {
    async close() {
      clearInterval(sweep);
      for (const { socket } of readers) socket.terminate();
      sockets.close();
    },
  };
}

/** The name under which others put into the box of a secret. */
export function nameOf(secret: string): string {
  return createHash("sha256").update(Buffer.from(secret, "base64url")).digest("base64url");
}

function parse(text: string): Request | undefined {
  let asked: Record<string, unknown>;
  try {
    asked = JSON.parse(text);
  } catch {
    return undefined;
  }
  const decodes = (value: unknown) => fits(value, DATA) && (value as string).length % 4 !== 1;
  const fits = (value: unknown, form: RegExp) => typeof value === "string" && form.test(value);
  const valid =
    (asked?.do === "put" && fits(asked.box, NAME) && fits(asked.tag, TAG) && decodes(asked.data)) ||
    (asked?.do === "open" && fits(asked.secret, NAME)) ||
    (asked?.do === "ack" && fits(asked.box, NAME) && Number.isSafeInteger(asked.seq));
  return valid ? (asked as Request) : undefined;
}

function say(socket: WebSocket, answer: object): void {
  if (socket.readyState === socket.OPEN) socket.send(JSON.stringify(answer));
}

function seconds(): number {
  return performance.now() / 1000;
}
