/** Serves the built app and the relay at one address. */
import { createReadStream } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { join, sep } from "node:path";
import { gzipSync } from "node:zlib";
import { LIMITS, type Limits } from "../../relay/limits.ts";
import { attachRelay, type Relay } from "../../relay/relay.ts";
import { Store } from "../../relay/store.ts";
import { headersFor } from "./headers.ts";

const DIST = new URL("../dist", import.meta.url).pathname;

export interface Options {
  /** 0 for any that is free. */
  readonly port: number;
  /** The file of the relay; undefined for no relay. */
  readonly relayFile?: string | undefined;
  readonly limits?: Limits;
  /** Stands in for a server that was tampered with. */
  readonly alter?: (name: string, bytes: Buffer) => Buffer;
  /** Hears of each file that was asked for, and how many bytes it took, packed. */
  readonly asked?: (name: string, bytes: number) => void;
}

export interface Served {
  readonly address: string;
  readonly port: number;
  close(): Promise<void>;
}

/** Packed once for all servers of this process. */
const packed = new Map<string, Promise<Buffer>>();

async function pack(name: string, { alter }: Options): Promise<Buffer> {
  const file = join(DIST, name);
  if (alter) return gzipSync(alter(name, await readFile(file)), { level: 1 });
  if (!packed.has(name)) packed.set(name, readFile(file).then((bytes) => gzipSync(bytes)));
  return packed.get(name)!;
}

export async function serve(options: Options): Promise<Served> {
  const names = new Set(await readdir(DIST, { recursive: true }).then((all) => all.map((name) => name.split(sep).join("/"))));
  async function answer(asked: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = new URL(asked.url ?? "/", "http://localhost").pathname.slice(1);
    const name = path === "" ? "index.html" : path;
    if (!names.has(name) || !name.includes(".") || !/^(GET|HEAD)$/.test(asked.method ?? "")) {
      response.writeHead(404, { "content-type": "text/plain" }).end("not found");
      return;
    }
    const headers = headersFor(name);
    if (!/\bgzip\b/.test(String(asked.headers["accept-encoding"]))) {
      response.writeHead(200, headers);
      createReadStream(join(DIST, name)).pipe(response);
      return;
    }
    const body = await pack(name, options);
    options.asked?.(name, body.length);
    response.writeHead(200, { ...headers, "content-encoding": "gzip", "content-length": body.length });
    response.end(asked.method === "HEAD" ? undefined : body);
  }

  const server = createServer((asked, response) => {
    answer(asked, response).catch(() => response.destroy());
  });
  const relay = await relayOf(server, options);
  await new Promise<void>((ready, failed) => {
    server.once("error", failed).listen(options.port, "127.0.0.1", ready);
  });
  const { port } = server.address() as AddressInfo;
  return {
    port,
    address: `http://localhost:${port}/`,
    async close() {
      await relay?.close();
      server.closeAllConnections();
      await new Promise((closed) => server.close(closed));
    },
  };
}

async function relayOf(server: Server, { relayFile, limits = LIMITS }: Options): Promise<Relay | undefined> {
  if (relayFile === undefined) return undefined;
  const store = await Store.open(relayFile, limits);
  const relay = attachRelay(server, "/relay", store, limits);
  return {
    async close() {
      await relay.close();
      await store.close();
    },
  };
}
