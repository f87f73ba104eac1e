/** The chat on the screen: its last messages and pictures. */
import type { Message } from "../core/chats.ts";
import type { Messenger } from "../core/messenger.ts";
import { addressOf } from "./picture.ts";

export const PAGE = 60;

/** Where the messages come from: the vault, or a script. */
export interface Source {
  messages(last: number): Promise<readonly Message[]>;
  message(number: number): Promise<Message | undefined>;
  picture(number: number): Promise<string | undefined>;
}

/** A chat as it is kept on this phone. */
export function sourceOf(messenger: Messenger, id: string): Source {
  return {
    messages: (last) => messenger.messages(id, last),
    message: async (number) => {
      const [found] = await messenger.messagesFrom(id, number, 1);
      return found?.number === number ? found : undefined;
    },
    picture: (number) => messenger.picture(id, number),
  };
}

export class View {
  readonly id: string;
  readonly #source: Source;
  readonly #changed: () => void;
  readonly #pictures = new Map<number, string>();
  readonly #older = new Map<number, Message | undefined>();
  #messages: readonly Message[] = [];
  #wanted = PAGE;
  /** Which messages are chosen for an evidence file. */
  readonly chosen = new Set<number>();

  constructor(id: string, source: Source, changed: () => void) {
    this.id = id;
    this.#source = source;
    this.#changed = changed;
  }

  get messages(): readonly Message[] {
    return this.#messages;
  }

  /** Whether there may be earlier ones. */
  get more(): boolean {
    return (this.#messages[0]?.number ?? 0) > 0;
  }

  async load(): Promise<void> {
    const found = await this.#source.messages(this.#wanted);
    const newer = this.#messages.filter(({ number }) => number > (found.at(-1)?.number ?? -1));
    this.#messages = [...found, ...newer];
    this.#changed();
  }

  earlier(): Promise<void> {
    this.#wanted += PAGE;
    return this.load();
  }

  /** Take a new message, or a change of one. */
  take(message: Message): void {
    const known = this.#messages.some(({ number }) => number === message.number);
    // While some are chosen none leaves the screen.
    if (!known && this.chosen.size > 0) this.#wanted += 1;
    this.#messages = known
      ? this.#messages.map((each) => (each.number === message.number ? message : each))
      : [...this.#messages, message].slice(-this.#wanted);
    this.#changed();
  }

  /** A message by its number, also one before those on the screen; undefined until it is read. */
  message(number: number): Message | undefined {
    const shown = this.#messages.find((each) => each.number === number);
    if (shown === undefined && !this.#older.has(number)) {
      this.#older.set(number, undefined);
      void this.#source.message(number).then((found) => {
        this.#older.set(number, found);
        if (found) this.#changed();
      }, () => undefined);
    }
    return shown ?? this.#older.get(number);
  }

  /** The chosen messages in order, wherever they are now; RangeError where one cannot be read. */
  picked(): Promise<Message[]> {
    const numbers = [...this.chosen].sort((a, b) => a - b);
    return Promise.all(numbers.map(async (number) => {
      const found = this.#messages.find((each) => each.number === number) ?? (await this.#source.message(number));
      if (found === undefined) throw new RangeError("a chosen message cannot be read");
      return found;
    }));
  }

  /** The address of a picture; undefined until it is read. */
  picture(number: number): string | undefined {
    const known = this.#pictures.get(number);
    if (known === undefined) {
      this.#pictures.set(number, "");
      void this.#source.picture(number).then((picture) => {
        if (picture === undefined) return;
        this.#pictures.set(number, addressOf(picture));
        this.#changed();
      });
    }
    return known || undefined;
  }

  close(): void {
    for (const address of this.#pictures.values()) if (address) URL.revokeObjectURL(address);
  }
}
