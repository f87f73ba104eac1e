/**
 * Everything that is kept on this phone, encrypted: IndexedDB holds names and ciphertext.
 *
 * The key is made here, cannot be exported, and stays in the same database. A record's name is
 * authenticated with it, so that no record can stand in the place of another.
 */
import { deleteDB, openDB, type DBSchema, type IDBPDatabase } from "idb";
import type { Bytes } from "./bytes.ts";
import { openValue, sealValue } from "./sealed.ts";

interface Schema extends DBSchema {
  keys: { key: string; value: CryptoKey };
  records: { key: string; value: Bytes };
}

/** What is written together or not at all. A value of undefined takes the record away. */
export type Changes = Iterable<readonly [name: string, value: unknown]>;

/** The phone has no room left; nothing was written. */
export class StorageFull extends Error {
  override readonly name = "StorageFull";
}

const DATABASE = "safelight-chat";
const KEY = "records";
const LAST = "\uffff";

export class Vault {
  readonly #database: IDBPDatabase<Schema>;
  readonly #key: CryptoKey;
  /** The names of records that were passed over: changed, cut, or under a key that is gone. */
  readonly lost = new Set<string>();

  private constructor(database: IDBPDatabase<Schema>, key: CryptoKey) {
    this.#database = database;
    this.#key = key;
  }

  static async open(name = DATABASE): Promise<Vault> {
    const database = await openDB<Schema>(name, 1, {
      upgrade(fresh) {
        fresh.createObjectStore("keys");
        fresh.createObjectStore("records");
      },
      blocking: () => database.close(),
    });
    return new Vault(database, await keyOf(database));
  }

  /** undefined where there is none, or where it was changed or exchanged: then it is lost. */
  async read<Value>(name: string): Promise<Value | undefined> {
    const sealed = await this.#database.get("records", name);
    return sealed && (await this.#opened<Value>([[name, sealed]]))[0];
  }

  /**
   * The records whose names begin so, by name; those that cannot be opened are passed over.
   *
   * from: a name to start at; first: so many, those that are passed over among them.
   */
  async list<Value>(prefix: string, { from = prefix, first }: { from?: string; first?: number } = {}): Promise<Value[]> {
    const range = IDBKeyRange.bound(from, prefix + LAST);
    const { store } = this.#database.transaction("records");
    const [names, sealed] = await Promise.all([store.getAllKeys(range, first), store.getAll(range, first)]);
    return this.#opened(sealed.map((each, i) => [names[i]!, each] as const));
  }

  /** The last records whose names begin so, by name, as `list` does. */
  async last<Value>(prefix: string, count: number): Promise<Value[]> {
    const range = IDBKeyRange.bound(prefix, prefix + LAST);
    const rows: (readonly [string, Bytes])[] = [];
    let cursor = await this.#database.transaction("records").store.openCursor(range, "prev");
    while (cursor && rows.length < count) {
      rows.unshift([cursor.key, cursor.value]);
      cursor = await cursor.continue();
    }
    return this.#opened(rows);
  }

  /** One record that cannot be opened keeps none of the others closed. */
  async #opened<Value>(rows: readonly (readonly [string, Bytes])[]): Promise<Value[]> {
    const opened = await Promise.all(rows.map(async ([name, sealed]) => {
      try {
        return [await openValue<Value>(this.#key, name, sealed)];
      } catch {
        this.lost.add(name);
        return [];
      }
    }));
    return opened.flat() as Value[];
  }

  /** Write all of it in one transaction; StorageFull, with nothing written, where it has no room. */
  async write(changes: Changes): Promise<void> {
    // Encrypted beforehand: a transaction ends by itself while one waits for something else.
    const sealed = await Promise.all(
      [...changes].map(async ([name, value]) =>
        [name, value === undefined ? undefined : await sealValue(this.#key, name, value)] as const),
    );
    const transaction = this.#database.transaction("records", "readwrite", { durability: "strict" });
    const done = transaction.done;
    try {
      const asked = sealed.map(([name, bytes]) =>
        bytes ? transaction.store.put(bytes, name) : transaction.store.delete(name));
      await Promise.all([...asked, done]);
      for (const [name] of sealed) this.lost.delete(name);
    } catch (error) {
      await done.catch(() => undefined);
      if (error instanceof DOMException && /Quota|Abort/.test(error.name)) {
        throw new StorageFull("no room left on this phone");
      }
      throw error;
    }
  }

  /** Take away all records whose names begin so. */
  async erase(prefix: string): Promise<void> {
    await this.#database.delete("records", IDBKeyRange.bound(prefix, prefix + LAST));
    for (const name of this.lost) if (name.startsWith(prefix)) this.lost.delete(name);
  }

  /** Take away everything, the key included. */
  async destroy(): Promise<void> {
    const transaction = this.#database.transaction(["keys", "records"], "readwrite");
    await transaction.objectStore("records").clear();
    await transaction.objectStore("keys").clear();
    await transaction.done;
    this.#database.close();
  }

  /** Take away all there is, also where a vault cannot be opened, or not any more. */
  static async erase(vault: Vault | undefined, name = DATABASE): Promise<void> {
    await (vault?.destroy() ?? deleteDB(name)).catch(() => deleteDB(name));
  }

  close(): void {
    this.#database.close();
  }
}

/** Looked up and stored in one transaction: of two tabs that start at once, one makes the key. */
async function keyOf(database: IDBPDatabase<Schema>): Promise<CryptoKey> {
  const fresh = await crypto.subtle.generateKey(
    { name: "AES-GCM", length: 256 }, false, ["encrypt", "decrypt"],
  );
  const transaction = database.transaction("keys", "readwrite");
  const known = await transaction.store.get(KEY);
  if (known === undefined) await transaction.store.put(fresh, KEY);
  await transaction.done;
  return known ?? fresh;
}
