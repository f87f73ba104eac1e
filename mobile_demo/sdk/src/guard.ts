/** Guard: a loaded bundle that watches any number of conversations. */
import { AdviceBook } from "./advice.js";
import { checked, gapSeconds, microseconds, moved, UNREAD } from "./assess.js";
import type { Bundle, Files } from "./bundleFiles.js";
import { hexToBytes } from "./bytes.js";
import { type ChatState, Conversation, freshState } from "./conversation.js";
import type { Engine, Step, Stepped } from "./engine.js";
import { type Guide, GuideBook, type GuideId } from "./guides.js";
import { type Indicator as IndicatorFacts, parseIndicators } from "./indicators.js";
import type { Manifest } from "./manifest.js";
import type { Sensitivity } from "./policyConfig.js";
import { parseJson } from "./reading.js";
import { Recontact } from "./recontact.js";
import { type Choices, Settings } from "./settings.js";
import { seal, unseal } from "./snapshot.js";
import type { AppKey } from "./subkey.js";
import type { Indicator } from "./taxonomy.js";
import { TextPreparer } from "./text.js";
import { Assessment, type Message, SELF } from "./types.js";
import { type Why, why } from "./why.js";

/** Kept beside the choices of a chat that was restored without its state and not replayed yet. */
const LOST = "lost";

/**
 * A loaded bundle and the choices of the person using the phone.
 *
 * The bundle does not change, and the choices are one frozen value that is swapped as a whole;
 * each step goes by those that held when it began. No choice is written anywhere: the app keeps
 * `settings` and sets them at the start.
 */
export class Guard {
  readonly manifest: Manifest;
  readonly book: AdviceBook;
  readonly #guides: GuideBook;
  readonly #files: Files;
  readonly #engine: Engine;
  readonly #model: Uint8Array;
  #indicators: Readonly<Record<Indicator, IndicatorFacts>> | null = null;
  #settings = new Settings();

  /** Build from a bundle that was trusted, and its model; most callers want Guard.load. */
  constructor(bundle: Bundle, engine: Engine) {
    this.manifest = bundle.manifest;
    this.book = new AdviceBook(bundle.files);
    this.#guides = new GuideBook(bundle.files);
    this.#files = bundle.files;
    this.#engine = engine;
    this.#model = hexToBytes(bundle.manifest.files.get("model.onnx")?.sha256 ?? "");
  }

  /** id → what it means and its public sources. */
  get indicators(): Readonly<Record<Indicator, IndicatorFacts>> {
    this.#indicators ??= parseIndicators(this.#files.get("indicators.json") as Uint8Array);
    return this.#indicators;
  }

  /** The choices that hold now, for an app to keep; set them to bring them back. */
  get settings(): Settings {
    return this.#settings;
  }

  set settings(chosen: Settings) {
    if (!(chosen instanceof Settings)) throw new RangeError("settings must be Settings");
    this.#settings = chosen;
  }

  /**
   * Hide everything and read nothing, until `on`; the chats stay as they are.
   *
   * Messages may still be observed; they are skipped. Once on again, a chat goes on from what it
   * knew; observed with replay, the messages of the time between bring it to exactly where it
   * would be had the guard been on.
   */
  off(): void {
    this.#change({ on: false });
  }

  /** Read and show again; see `off`. */
  on(): void {
    this.#change({ on: true });
  }

  /** The policy by which the next message is judged. */
  get sensitivity(): Sensitivity {
    return this.#settings.sensitivity;
  }

  set sensitivity(chosen: Sensitivity) {
    this.#change({ sensitivity: chosen });
  }

  /** Whether cards are closed to one neutral line. A lock screen shows that line only. */
  get discreet(): boolean {
    return this.#settings.discreet;
  }

  set discreet(chosen: boolean) {
    this.#change({ discreet: chosen });
  }

  /** Whether to ask before sending, and to cover what arrives, where a level is shown. */
  get friction(): boolean {
    return this.#settings.friction;
  }

  set friction(chosen: boolean) {
    this.#change({ friction: chosen });
  }

  #change(chosen: Partial<Choices>): void {
    this.#settings = new Settings({ ...this.#settings, ...chosen });
  }

  /**
   * Return the neutral closed line, which says at every level no more than that there is one.
   *
   * inChat: the line to which a card is closed (Form.LINE); otherwise all that a lock screen may
   * show.
   */
  line(language: string, { inChat = false }: { inChat?: boolean } = {}): string {
    return this.book.words(language).ui[inChat ? "muted_urgent" : "discreet"];
  }

  /** Start a conversation. id: the app's own, kept as it is; only snapshots use it. */
  conversation(id: string): Conversation {
    return new Conversation(this, id, this.fresh());
  }

  /** The state of a chat in which nothing was said. */
  fresh(): ChatState {
    return freshState(this.manifest.stateSize);
  }

  /**
   * Return a page of fixed text, which knows nothing of any chat.
   *
   * id: "after", for the young person, or "caregiver", for parents and carers; RangeError
   * otherwise. language: as in Assessment.advice; Guide.language says which was found.
   */
  guide(id: GuideId, language: string): Guide {
    return this.#guides.guide(id, language);
  }

  /**
   * Observe one message in each of many conversations at once, in the order of `batch`.
   *
   * The conversations must be different ones, started by this guard. See Conversation.observe; if
   * anything is refused, no conversation has moved.
   */
  async step(
    batch: readonly (readonly [Conversation, Message])[],
    { replay = false }: { replay?: boolean } = {},
  ): Promise<Assessment[]> {
    const chats = batch.map(([chat]) => chat);
    if (new Set(chats).size !== chats.length) {
      throw new RangeError("a conversation stands twice in the batch");
    }
    const given = batch.map(([chat, message]) => {
      this.#checkOwn(chat);
      return [chat, checked(message)] as const;
    });
    return inTurn(chats, () => this.#step(given, replay));
  }

  /**
   * Go on with `chat` through old messages without raising old cards, see `observe`.
   *
   * messages: in order, from the app's own history; any iterable, read once. A restored chat needs
   * those that came after its snapshot. Returns the assessment after the last, null where there
   * was none. If one is refused (RangeError), the chat is as before.
   */
  async replay(
    chat: Conversation,
    messages: Iterable<Message> | AsyncIterable<Message>,
  ): Promise<Assessment | null> {
    this.#checkOwn(chat);
    return inTurn([chat], async () => {
      const { state: before, start } = chat;
      let seen: Assessment | null = null;
      try {
        for await (const message of messages) {
          [seen = null] = await this.#step([[chat, checked(message)]], true);
        }
      } catch (error) {
        chat.state = chat.start === start ? before : chat.start; // one wiped meanwhile stays so
        throw error;
      }
      return seen;
    });
  }

  /** Return the snapshot of a chat; see Conversation.snapshot. */
  async snapshot(
    chat: Conversation,
    key: AppKey,
    { counter = 0 }: { counter?: number } = {},
  ): Promise<Uint8Array> {
    this.#checkOwn(chat);
    const bound = { chatId: chat.id, model: this.#model, counter };
    return inTurn([chat], () => {
      const kept = chat.needsReplay ? { ...chat.choices, [LOST]: true } : chat.choices;
      return seal(chat.state, kept, key, bound);
    });
  }

  /**
   * Return the conversation that Conversation.snapshot was called on.
   *
   * It goes on exactly as that one would have. If the snapshot was made with another model, only
   * its choices are kept, and `needsReplay` of the conversation is true. SnapshotError where the
   * snapshot was changed or cut, is of another chat or key, or has a counter below `minCounter`;
   * RangeError if the key is none.
   */
  async restore(
    blob: Uint8Array,
    key: AppKey,
    chatId: string,
    { minCounter = 0 }: { minCounter?: number } = {},
  ): Promise<Conversation> {
    const { stateSize } = this.manifest;
    const bound = { chatId, model: this.#model, stateSize, minCounter };
    const { state, choices } = await unseal(blob, key, bound);
    const lost = state === null || choices[LOST] === true;
    return new Conversation(this, chatId, state ?? this.fresh(), { choices, lost });
  }

  /**
   * What the level after the last of `messages`, the whole chat so far, rests on.
   *
   * fineAfter: places of the messages right after which thisWasFine was said. null where no level
   * is shown. For the moment when a person asks: it reads the chat about a dozen times. RangeError
   * where a message is faulty.
   */
  why(messages: readonly Message[], fineAfter: readonly number[] = []): Promise<Why | null> {
    return why(this, messages, fineAfter);
  }

  /**
   * The people that the user blocked, for hints about new contacts; see Recontact.
   *
   * key: the app's. stored: what Recontact.toBytes gave, null to start anew.
   */
  recontact(key: AppKey, stored: Uint8Array | null = null): Promise<Recontact> {
    const table = parseJson(this.#files.get("text.json") as Uint8Array, "text.json");
    return Recontact.open(new TextPreparer(table), key, stored);
  }

  /** Free the model. No step may follow. */
  close(): Promise<void> {
    return this.#engine.close();
  }

  async #step(
    batch: readonly (readonly [Conversation, Message])[],
    replay: boolean,
  ): Promise<Assessment[]> {
    const settings = this.#settings;
    if (!settings.on) return batch.map(() => new Assessment(UNREAD, this.book));
    let before: Float32Array[];
    let answers: readonly Stepped[];
    do {
      before = batch.map(([chat]) => chat.state.hidden);
      answers = await this.#engine.step(batch.map(([chat, message]) => prepared(chat, message)));
      // A chat that was wiped meanwhile starts with this message.
    } while (batch.some(([chat], i) => chat.state.hidden !== before[i]));
    return batch.map(([chat, message], i) => {
      const asked = { message, answer: answers[i] as Stepped, muted: chat.muted, replay };
      const { state, fields } = moved(chat.state, asked, settings, this.manifest);
      chat.state = state;
      return new Assessment(fields, this.book);
    });
  }

  #checkOwn(chat: Conversation): void {
    if (!chat.startedBy(this)) {
      throw new RangeError("the conversation was started by another guard");
    }
  }
}

/** Do something with chats once all that was asked of them before is done. */
function inTurn<Result>(
  chats: readonly Conversation[],
  act: () => Promise<Result>,
): Promise<Result> {
  const result = Promise.all(chats.map((chat) => chat.turn)).then(act);
  const settled = result.catch(() => undefined);
  for (const chat of chats) chat.turn = settled;
  return result;
}

function prepared(chat: Conversation, message: Message): Step {
  return {
    text: message.text ?? "",
    media: message.media ?? null,
    fromSelf: message.sender === SELF,
    gapS: gapSeconds(chat.state.lastSentAt, microseconds(message.sentAt)),
    state: chat.state.hidden,
  };
}
