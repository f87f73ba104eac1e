/** Plays a script into Safelight on this phone. Nothing of it is sent or kept. */
import type { Guard } from "safelight/web";
import { observed, unfold, unread, type Watched } from "../safety/watcher.ts";
import type { Script } from "./script.ts";
import { View } from "./view.ts";

const PAUSE_MS = 900;

export class Player {
  readonly script: Script;
  readonly view: View;
  readonly watched: Watched;
  readonly #changed: () => void;
  playing = false;

  constructor(guard: Guard, script: Script, changed: () => void) {
    this.script = script;
    this.#changed = changed;
    const nothing = async () => undefined;
    this.view = new View("try", { messages: async () => [], message: nothing, picture: nothing }, changed);
    this.watched = unread(guard.conversation("try"), 0, 0);
  }

  get over(): boolean {
    return this.watched.next >= this.script.messages.length;
  }

  async step(): Promise<void> {
    const message = this.script.messages[this.watched.next];
    if (message === undefined) return;
    this.watched.next += 1;
    this.view.take(message);
    const seen = await this.watched.conversation.observe(observed(message));
    this.watched.assessment = seen;
    unfold(this.watched, seen);
    this.#changed();
  }

  async play(): Promise<void> {
    if (this.playing) return;
    this.playing = true;
    while (this.playing && !this.over) {
      await this.step();
      await new Promise((later) => setTimeout(later, PAUSE_MS));
    }
    this.playing = false;
    this.#changed();
  }

  stop(): void {
    this.playing = false;
    this.#changed();
  }
}
