/** The connection on lines that are slow, or dead. */
import { connect, createServer, type AddressInfo, type Server, type Socket } from "node:net";
import { afterEach, beforeEach, expect, test } from "vitest";
import { random, randomName, toBase64 } from "../../src/core/bytes.ts";
import { boxOf, Wire } from "../../src/core/wire.ts";
import { RelayAt, until } from "./people.ts";

const TICK_MS = 20;
let relay: RelayAt;
let line: Line;

/** A line to the relay. perMs: bytes that it carries upwards; first: of its first connection in all. */
class Line {
  perMs = Infinity;
  first = Infinity;
  connections = 0;
  readonly #server: Server;
  readonly #open = new Set<Socket>();

  constructor(port: number) {
    this.#server = createServer((phone) => {
      this.connections += 1;
      let left = this.connections === 1 ? this.first : Infinity;
      const far = connect(port, "127.0.0.1");
      for (const end of [phone, far]) {
        this.#open.add(end);
        end.on("error", () => {}).on("close", () => (phone.destroy(), far.destroy()));
      }
      far.pipe(phone);
      phone.on("readable", () => {}); // paused: read below, a piece at a time
      const timer = setInterval(() => {
        const most = Math.min(phone.readableLength, this.perMs * TICK_MS, left);
        if (most > 0) far.write(phone.read(most));
        left -= most;
      }, TICK_MS);
      phone.on("close", () => clearInterval(timer));
    });
  }

  async start(): Promise<string> {
    await new Promise<void>((ready) => this.#server.listen(0, "127.0.0.1", ready));
    return `ws://127.0.0.1:${(this.#server.address() as AddressInfo).port}/relay`;
  }

  async stop(): Promise<void> {
    for (const each of this.#open) each.destroy();
    await new Promise((closed) => this.#server.close(closed));
  }
}

beforeEach(async () => {
  relay = new RelayAt();
  await relay.start();
  line = new Line(Number(new URL(relay.address).port));
});
afterEach(async () => {
  await line.stop();
  await relay.end();
});

/** A connection over the line that says everything again whenever it comes back. */
async function sending(...texts: string[]): Promise<{ accepted: string[]; close: () => void }> {
  const box = await boxOf(toBase64(random(32)));
  const waiting = new Map(texts.map((text) => [randomName(), text]));
  const accepted: string[] = [];
  const wire = new Wire(await line.start(), {
    changed: (online) => {
      if (online) for (const [tag, text] of waiting) wire.put(box, tag, text);
    },
    arrived: () => {},
    accepted: (tag) => {
      accepted.push(waiting.get(tag)!);
      waiting.delete(tag);
    },
    refused: () => {},
  }, { ms: 300, bytesPerMs: 100 });
  wire.connect();
  return { accepted, close: () => wire.close() };
}

test("a picture may take its time on a slow line, and what stands behind it comes after", async () => {
  line.perMs = 200;
  const picture = "p".repeat(300_000);
  const { accepted, close } = await sending(picture, "next");
  await until(() => accepted.length === 2);
  expect(accepted).toEqual([picture, "next"]);
  expect(line.connections).toBe(1);
  close();
});

test("a line that carries no more is given up, and all is said again on the next", async () => {
  line.first = 1_000; // enough to open it
  const { accepted, close } = await sending("h".repeat(4_000));
  await until(() => accepted.length === 1);
  expect(line.connections).toBe(2);
  close();
});
