/** The chat on the screen: its last messages and pictures. */
import type { Message } from "../core/chats.ts";
import { addressOf } from "./picture.ts";

export const PAGE = 60;

/** Where the messages come from: the vault, or a script. */
export interface Source {
  messages(last: number): Promise<readonly Message[]>;
  picture(number: number): Promise<string | undefined>;
}

export class View {
  readonly id: string;
  readonly #source: Source;
  readonly #changed: () => void;
  readonly #pictures = new Map<number, string>();
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
    this.#messages = known
      ? this.#messages.map((each) => (each.number === message.number ? message : each))
      : [...this.#messages, message].slice(-this.#wanted);
    this.#changed();
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
