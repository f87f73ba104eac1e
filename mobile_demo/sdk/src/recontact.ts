/**
 * Recontact: tells whether a new contact looks like one that the person blocked. Opt-in, local.
 *
 *     const blocked = await guard.recontact(key);            // a key that the app keeps secret
 *     blocked.add("chat-17", { handle: "…", texts: ["…"] }); // when the person asks on blocking
 *     store(blocked.toBytes());                              // guard.recontact(key, stored)
 *     blocked.hints({ handle: "…", texts: ["…"] });          // ["name"], or [] almost always
 *
 * Kept are keyed hashes of names, addresses and links alone: no text, no name, no time, never how
 * somebody writes. A list is one person's own and is compared with nothing but their new contacts.
 */
import { hmac } from "@noble/hashes/hmac.js";
import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex, concatBytes, hexToBytes, sameBytes } from "./bytes.js";
import { Hint, KINDS } from "./hintWords.js";
import { contactForms, handleForms, linkForms, paymentForms } from "./recontactForms.js";
import { type AppKey, subkey } from "./subkey.js";
import type { TextPreparer } from "./text.js";
import { encodeUtf8 } from "./unicode.js";

/**
 * People kept, the earliest of whom give way; hashes kept of each and kind, so that many links
 * cannot push out a payment account.
 */
const MAX_PEOPLE = 250;
const MAX_HASHES = 40;
const INFO = encodeUtf8("safelight recontact v1");
const MAGIC = encodeUtf8("SLRC\x01");
const HASH_BYTES = 16;
const SEAL_BYTES = 32;

/** What was stored cannot be read: damaged, of a newer version, or under another key. */
export class RecontactError extends Error {
  override readonly name = "RecontactError";
}

/** By what a contact may be known. handle: the name that is theirs alone on the service. */
export interface Contact {
  readonly handle?: string;
  readonly texts?: Iterable<string>;
}

/** The people that one person blocked, as keyed hashes. */
export class Recontact {
  readonly #preparer: TextPreparer;
  readonly #key: Uint8Array;
  /** Hash of the app's id → hashes of what was seen of that person, the earliest first. */
  readonly #people: Map<string, ReadonlySet<string>>;

  private constructor(preparer: TextPreparer, key: Uint8Array, stored: Uint8Array | null) {
    this.#preparer = preparer;
    this.#key = key;
    this.#people = stored === null ? new Map() : this.#read(stored);
  }

  /**
   * preparer: folds look-alikes. key: secret, the same each time; who has it can test guesses of
   * names. stored: what `toBytes` gave. RangeError for a key that is none; RecontactError if
   * `stored` cannot be read.
   */
  static async open(
    preparer: TextPreparer,
    key: AppKey,
    stored: Uint8Array | null = null,
  ): Promise<Recontact> {
    return new Recontact(preparer, await subkey(key, INFO), stored);
  }

  /**
   * Remember a person whom the user blocked, instead of what was kept of them before.
   *
   * person: the app's own id, by which `forget` erases. handle: leave it out where names are not
   * unique, for two people may be called Sam. texts: of their messages, not of the user's.
   */
  add(person: string, contact: Contact = {}): void {
    const id = this.#hash("person", person);
    const marks = this.#marks(contact);
    const hashes = KINDS.flatMap((kind) =>
      [...(marks.get(kind) ?? [])]
        .sort(byCodePoint)
        .slice(0, MAX_HASHES)
        .map((form) => this.#hash(kind, form)),
    );
    this.#people.delete(id);
    this.#people.set(id, new Set(hashes));
    for (const earliest of this.#people.keys()) {
      if (this.#people.size <= MAX_PEOPLE) break;
      this.#people.delete(earliest);
    }
  }

  /** Say in what a new contact looks like anybody blocked, in the order of Hint. */
  hints(contact: Contact = {}): Hint[] {
    if (this.#people.size === 0) return [];
    const known = new Set([...this.#people.values()].flatMap((hashes) => [...hashes]));
    const marks = this.#marks(contact);
    return KINDS.filter((kind) =>
      [...(marks.get(kind) ?? [])].some((form) => known.has(this.#hash(kind, form))),
    );
  }

  /** Erase one person; false if nothing was kept of them. */
  forget(person: string): boolean {
    return this.#people.delete(this.#hash("person", person));
  }

  /** Erase everybody. */
  clear(): void {
    this.#people.clear();
  }

  /** How many people are kept. */
  get size(): number {
    return this.#people.size;
  }

  /** Return what the app stores: at most 510 KB of hashes, sealed under the key. */
  toBytes(): Uint8Array {
    const parts = [MAGIC, count(this.#people.size)];
    for (const [id, hashes] of this.#people) {
      parts.push(hexToBytes(id), count(hashes.size), ...[...hashes].sort().map(hexToBytes));
    }
    const body = concatBytes(...parts);
    return concatBytes(body, this.#seal(body));
  }

  /** All by which a contact can be recognised, in plain text; never kept. */
  #marks({ handle = "", texts = [] }: Contact): ReadonlyMap<Hint, ReadonlySet<string>> {
    const marks = new Map<Hint, Set<string>>(KINDS.map((kind) => [kind, new Set()]));
    const add = (kind: Hint, forms: Iterable<string>): void => {
      for (const form of forms) marks.get(kind)?.add(form);
    };
    add(Hint.NAME, handleForms(this.#preparer, handle));
    for (const text of [handle, ...texts]) {
      // some services show a phone number for a name
      add(Hint.PAYMENT, paymentForms(this.#preparer, text));
      add(Hint.CONTACT, contactForms(this.#preparer, text));
      add(Hint.LINK, linkForms(this.#preparer, text));
    }
    return marks;
  }

  #read(stored: Uint8Array): Map<string, ReadonlySet<string>> {
    if (!sameBytes(stored.subarray(0, MAGIC.length), MAGIC)) {
      throw new RecontactError("stored: not of this version");
    }
    const body = stored.subarray(0, Math.max(stored.length - SEAL_BYTES, 0));
    if (!sameBytes(this.#seal(body), stored.subarray(body.length))) {
      throw new RecontactError("stored: damaged, or under another key");
    }
    // From here on the bytes are what toBytes wrote: the seal vouches for their form.
    const view = new DataView(body.buffer, body.byteOffset, body.byteLength);
    let place = MAGIC.length;
    const take = (size: number): number => {
      place += size;
      return place - size;
    };
    const many = (): number => view.getUint16(take(2));
    const hash = (): string => {
      const at = take(HASH_BYTES);
      return bytesToHex(body.subarray(at, at + HASH_BYTES));
    };
    const people = new Map<string, ReadonlySet<string>>();
    for (let left = many(); left > 0; left -= 1) {
      const id = hash();
      people.set(id, new Set(Array.from({ length: many() }, hash)));
    }
    return people;
  }

  #hash(kind: string, form: string): string {
    const said = encodeUtf8(`${kind}\0${form}`);
    return bytesToHex(hmac(sha256, this.#key, said).subarray(0, HASH_BYTES));
  }

  #seal(body: Uint8Array): Uint8Array {
    return hmac(sha256, this.#key, concatBytes(encodeUtf8("stored\0"), body));
  }
}

function count(value: number): Uint8Array {
  return Uint8Array.of(value >> 8, value & 0xff);
}

/** UTF-16 puts astral characters before the last of the others; Python does not. */
function byCodePoint(a: string, b: string): number {
  const one = Array.from(a, (letter) => letter.codePointAt(0) ?? 0);
  const other = Array.from(b, (letter) => letter.codePointAt(0) ?? 0);
  const at = one.findIndex((point, i) => point !== other[i]);
  if (at < 0) return one.length - other.length;
  return (one[at] ?? 0) - (other[at] ?? -1);
}
