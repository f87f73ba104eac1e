/** What the screens show, and what the person can do. One object for the whole app. */
import { Settings, type Arrival, type Choices, type Conversation, type Friction } from "safelight";
import type { Guard } from "safelight/web";
import type { Chat, Message } from "../core/chats.ts";
import { MAX_TEXT, type Content } from "../core/content.ts";
import type { Invitation } from "../core/invite.ts";
import { Messenger } from "../core/messenger.ts";
import { StorageFull, Vault } from "../core/vault.ts";
import { loadHelp, type Help } from "../safety/help.ts";
import { loadGuard } from "../safety/load.ts";
import { Watcher, type Watched } from "../safety/watcher.ts";
import { Player } from "./player.ts";
import { Questions, type Question } from "./questions.ts";
import { routeOf, type Route } from "./route.ts";
import { scriptOf, type ScriptName } from "./script.ts";
import { keepChosen, readChosen, type Chosen } from "./settings.ts";
import { keepOffline, onlyWindow, relayAddress, type Problem } from "./start.ts";
import { sourceOf, View } from "./view.ts";
import { fill, loadWords, preferred, type WordKey, type Words } from "./words.ts";

export class Model {
  /** Draw again. */
  readonly changed: () => void;
  words!: Words;
  chosen!: Chosen;
  vault!: Vault;
  messenger!: Messenger;
  guard: Guard | undefined;
  /** The guard, or what its bundle says of help while there is none. */
  help: Help | undefined;
  watcher: Watcher | undefined;
  /** Why there is no guard. */
  unguarded = false;
  /** Something was not read: a chat that could not be, or a model that stopped. */
  missed = false;
  problem: Problem | undefined;
  route: Route = { at: "list" };
  view: View | undefined;
  player: Player | undefined;
  readonly questions: Questions;
  online = false;
  full = false;
  /** A short line, until the next screen. */
  note = "";
  ready = false;

  constructor(changed: () => void) {
    this.changed = changed;
    this.questions = new Questions(changed);
  }

  t(key: WordKey, values: Readonly<Record<string, string | number>> = {}): string {
    return fill(this.words[key], values);
  }

  async start(): Promise<void> {
    const problem = await this.#begin().catch(() => "unreadable" as const);
    if (problem) return this.#stop(problem);
    void navigator.storage.persist?.();
    await this.#guardUp();
  }

  /** Up to the first screen, or to why there is none. */
  async #begin(): Promise<Problem | undefined> {
    this.words = await loadWords(preferred(navigator.languages));
    if (!(await onlyWindow())) return "other_tab";
    const vault = await Vault.open().catch(() => undefined);
    if (vault === undefined) return "no_storage";
    this.vault = vault;
    this.chosen = await readChosen(vault);
    this.words = await loadWords(this.chosen.language);
    this.messenger = new Messenger(this.vault, relayAddress(), {
      chat: () => this.changed(),
      message: (chat, message, fresh) => this.#heard(chat, message, fresh),
      online: (online) => this.#set({ online }),
      full: () => this.#set({ full: true }),
    });
    await this.messenger.start();
    addEventListener("hashchange", () => void this.go(location.hash));
    addEventListener("online", () => this.messenger.hurry());
    this.ready = true;
    await this.go(location.hash);
    return undefined;
  }

  /** First the copy on this phone, then Safelight out of it, then the history of each chat. */
  async #guardUp(): Promise<void> {
    if ((await keepOffline()) === "altered") return this.#stop("altered");
    const loaded = await loadGuard(this.chosen.guard);
    if ("failed" in loaded) {
      return loaded.failed === "altered" ? this.#stop("altered") : this.#set({ unguarded: true });
    }
    this.help = this.guard = loaded.guard;
    this.guard.settings = new Settings(this.chosen.guard); // changed while it was loading
    this.watcher = new Watcher(this.guard, this.messenger, () => this.changed());
    this.changed();
    for (const chat of this.messenger.chats) await this.#read(this.watcher.read(chat));
  }

  /** One chat that cannot be read keeps Safelight from none of the others, and is not passed over. */
  async #read(reading: Promise<void> | undefined): Promise<void> {
    await reading?.catch(() => this.#set({ missed: true }));
  }

  /** Where to get help, also before Safelight has started and where it cannot. */
  async #helpUp(): Promise<void> {
    if (this.guard || !["help", "settings"].includes(this.route.at)) return;
    const { language } = this.chosen;
    const loaded = await loadHelp(language);
    if ("failed" in loaded) return loaded.failed === "altered" ? this.#stop("altered") : undefined;
    if (language === this.chosen.language) this.help = this.guard ?? loaded.help;
    this.changed();
  }

  #stop(problem: Problem): void {
    this.questions.drop();
    this.messenger?.close();
    this.#set({ problem });
  }

  #set(changes: Partial<Pick<Model, "online" | "full" | "unguarded" | "missed" | "problem" | "note">>): void {
    Object.assign(this, changes);
    this.changed();
  }

  say(note: string): void {
    this.#set({ note });
  }

  #heard(chat: Chat, message: Message, fresh: boolean): void {
    if (this.view?.id === chat.id) this.view.take(message);
    if (fresh) {
      this.full = false;
      void this.#read(this.watcher?.read(chat));
      if (this.route.at === "chat" && this.route.id === chat.id && !message.mine) this.#seen(chat);
    }
    this.changed();
  }

  // Screens ------------------------------------------------------------------------------------

  async go(hash: string): Promise<void> {
    this.route = routeOf(hash);
    this.note = "";
    this.questions.drop();
    this.view?.close();
    this.view = undefined;
    if (this.route.at !== "try") this.play(undefined);
    // The secret of a link does not stay in the address or in the history of this browser.
    if (this.route.at === "join") history.replaceState(null, "", location.pathname);
    if (this.route.at === "chat" || this.route.at === "evidence") await this.#show(this.route.id);
    void this.#helpUp();
    this.changed();
  }

  async #show(id: string): Promise<void> {
    const chat = this.messenger.chat(id);
    if (chat === undefined) {
      location.hash = "#/";
      return;
    }
    this.view = new View(id, sourceOf(this.messenger, id), this.changed);
    await this.#read(this.view.load());
    if (this.route.at === "chat") this.#seen(chat);
  }

  #seen({ id }: Chat): void {
    const chat = this.messenger.chat(id);
    if (chat && chat.read < chat.next - 1) void this.messenger.change(id, { read: chat.next - 1 });
  }

  get chat(): Chat | undefined {
    return "id" in this.route ? this.messenger.chat(this.route.id) : undefined;
  }

  /** What Safelight has read of the chat on the screen. */
  get watched(): Watched | undefined {
    return this.player ? this.player.watched : this.view && this.watcher?.get(this.view.id);
  }

  play(name: ScriptName | undefined): void {
    this.player?.stop();
    this.player = name && this.guard && new Player(this.guard, scriptOf(name, this.chosen.language), this.changed);
    this.changed();
  }

  // Chats --------------------------------------------------------------------------------------

  async invite(): Promise<void> {
    const chat = await this.messenger.invite(this.chosen.name, "");
    location.hash = `#/waiting/${chat.id}`;
  }

  async join(invitation: Invitation): Promise<void> {
    const chat = await this.messenger.join(invitation, this.chosen.name);
    location.hash = `#/chat/${chat.id}`;
  }

  /** Ask first where Safelight would, then send; false where it was not sent. */
  async send(chat: Chat, content: Content): Promise<boolean> {
    if (content.text.length > MAX_TEXT) return false;
    try {
      const ask = this.conversation(chat)?.beforeSend(content.kind, this.chosen.language);
      if (ask && !(await this.agreed(ask))) return false;
      await this.messenger.send(chat.id, content);
      this.#set({ note: "" });
      return true;
    } catch (error) {
      this.#set({ note: this.t(error instanceof StorageFull ? "not_kept" : "not_sent") });
      return false;
    }
  }

  conversation(chat: Chat): Conversation | undefined {
    return this.watcher?.get(chat.id)?.conversation;
  }

  /** Show a question of friction, if it asks one. */
  async agreed(ask: Friction | Arrival): Promise<boolean> {
    if (ask.title === "") return true;
    return (await this.ask(ask)) !== undefined;
  }

  ask(question: Omit<Question, "answer">): Promise<string | undefined> {
    return this.questions.ask(question);
  }

  async mute(chat: Chat, muted: boolean): Promise<void> {
    const conversation = this.conversation(chat);
    if (muted) conversation?.mute();
    else conversation?.unmute();
    await this.#kept(this.messenger.change(chat.id, { muted }));
  }

  async fine(chat: Chat): Promise<void> {
    const watched = this.watcher?.get(chat.id);
    if (watched === undefined) return;
    this.watcher?.fine(chat.id);
    await this.#kept(this.messenger.change(chat.id, { fineAfter: [...chat.fineAfter, watched.next - 1] }));
  }

  async forget(chat: Chat): Promise<void> {
    this.watcher?.forget(chat.id, chat.next);
    await this.#kept(this.messenger.change(chat.id, { forgotten: chat.next, fineAfter: [] }));
  }

  async remove(chat: Chat): Promise<void> {
    const sure = await this.ask({
      title: this.t("remove"), text: this.t("remove_text"), go: this.t("remove_go"), stay: this.t("cancel"),
    });
    if (sure === undefined) return;
    await this.messenger.remove(chat.id);
    this.watcher?.drop(chat.id);
    location.hash = "#/";
  }

  // Choices ------------------------------------------------------------------------------------

  async choose(changes: Partial<Chosen>): Promise<void> {
    this.chosen = { ...this.chosen, ...changes };
    if (changes.language) this.words = await loadWords(changes.language);
    if (changes.language) void this.#helpUp();
    this.changed();
    await this.#kept(keepChosen(this.vault, this.chosen));
  }

  /** What was chosen is in force already; say so where this phone has no room to keep it. */
  async #kept(written: Promise<void>): Promise<void> {
    await written.catch((error) => {
      if (!(error instanceof StorageFull)) throw error;
      this.#set({ note: this.t("not_saved") });
    });
  }

  async chooseGuard(changes: Partial<Choices>): Promise<void> {
    const wasOn = this.chosen.guard.on;
    const guard = { ...this.chosen.guard, ...changes };
    if (this.guard) this.guard.settings = new Settings(guard);
    await this.choose({ guard });
    if (!this.guard || wasOn || !guard.on) return;
    for (const chat of this.messenger.chats) await this.#read(this.watcher?.switchedOn(chat));
  }

  async wipe(): Promise<void> {
    const sure = await this.ask({
      title: this.t("wipe"), text: this.t("wipe_text"), go: this.t("wipe_go"), stay: this.t("cancel"),
    });
    if (sure === undefined) return;
    this.messenger?.close();
    await this.messenger?.idle();
    await Vault.erase(this.vault);
    location.replace("/");
  }

  /** Gone at once, with nothing of this app in sight. */
  exit(): void {
    location.replace("/notes.html");
  }
}
