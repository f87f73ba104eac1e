/**
 * Help cards by country: resources.json. Chat and text come first, stale cards say so.
 *
 * A card says before the tap what the contact leaves behind and whether one stays anonymous.
 */
import {
  before,
  CHANNELS,
  type CardWords,
  type ChannelKind,
  inLanguage,
  parseCardWords,
  PURPOSES,
  type Purpose,
} from "./cardWords.js";
import * as reading from "./reading.js";
import { BundleError, type Translations } from "./reading.js";

const FORMAT = 2;
/** The keys under which advice is filed; Stage with crisis told apart. */
export const STAGE_KEYS = [
  "none",
  "trust",
  "request",
  "threat",
  "after",
  "crisis_self_harm",
  "crisis_task",
  "crisis_distress",
] as const;
export type StageKey = (typeof STAGE_KEYS)[number];
/** A card whose page is dated more days ago, or not at all, counts as not recently checked. */
export const FRESH_FOR_DAYS = 180;
const DAY_MS = 86_400_000;
const QUIET: readonly ChannelKind[] = ["chat", "text"];
const WORLD = "*";
const WHERE = "resources.json";
const FIELDS = [
  "id",
  "countries",
  "name",
  "purposes",
  "channels",
  "languages",
  "serves",
  "hours",
  "note",
  "source",
  "page_date",
  "verification",
  "anonymous",
  "anonymous_source",
] as const;

/** A way to reach a service. value: a number, host or address. */
export interface Channel {
  readonly kind: ChannelKind;
  readonly value: string;
}

/** What a service and its card share. */
interface Facts {
  readonly id: string;
  readonly name: string;
  readonly purposes: readonly Purpose[];
  /** Chat and text first. */
  readonly channels: readonly Channel[];
  readonly languages: readonly string[];
  readonly source: string;
  /** What the source page itself carries, "2026-01-31". */
  readonly pageDate: string | null;
  /** "primary": the service's own page or a public body's. */
  readonly verification: "primary" | "secondary";
  /** Null where it is not known. */
  readonly anonymous: boolean | null;
  /** The page that says whether one stays anonymous. */
  readonly anonymousSource: string | null;
}

/**
 * A service as shown, in one language. Texts that are not known are empty.
 *
 * use: the purposes in words. beforeTitle and before: what to know before the tap, first about
 * anonymity, then what each kind of channel leaves behind. freshness: "" or the words for "not
 * recently checked".
 */
export interface HelpCard extends Facts {
  readonly serves: string;
  readonly hours: string;
  readonly note: string;
  readonly use: readonly string[];
  readonly beforeTitle: string;
  readonly before: readonly string[];
  readonly freshness: string;
}

/** A service as filed, in all languages. */
export interface Service extends Facts {
  readonly countries: readonly string[];
  readonly serves: Translations;
  readonly hours: Translations;
  readonly note: Translations;
}

/** Tell whether the page carries a date of at most FRESH_FOR_DAYS ago, and none to come. */
export function isFresh(service: Service, today: string): boolean {
  if (service.pageDate === null) return false;
  const age = (Date.parse(today) - Date.parse(service.pageDate)) / DAY_MS;
  return age >= 0 && age <= FRESH_FOR_DAYS;
}

/** All services, and which purposes each stage asks for, the first wanted first. */
export class Resources {
  readonly services: readonly Service[];
  readonly purposes: Readonly<Record<StageKey, readonly Purpose[]>>;
  readonly words: CardWords;

  constructor(data: Uint8Array) {
    const raw = reading.exactKeys(
      reading.parseJson(data, WHERE),
      ["format", "purposes", "words", "cards"],
      WHERE,
    );
    reading.checkFormat(raw, FORMAT, WHERE);
    this.words = parseCardWords(raw.words, `${WHERE}: words`);
    this.services = reading
      .sequence(raw.cards, `${WHERE}: cards`, { least: 1 })
      .map((card, index) => parseService(card, `${WHERE}: card ${index}`));
    if (new Set(this.services.map((service) => service.id)).size !== this.services.length) {
      throw new BundleError(`${WHERE}: the id of a card is repeated`);
    }
    this.purposes = reading.entries(
      raw.purposes,
      STAGE_KEYS,
      `${WHERE}: purposes`,
      (purposes, where) => several(purposes, PURPOSES, where),
    );
  }

  /**
   * Return the services to show, in order.
   *
   * Those of the country that serve a purpose of the stage; then international ones for each
   * purpose that none of them serves (for all, without a country or services on file).
   */
  choose(stageKey: StageKey, country: string | null): Service[] {
    const wanted = this.purposes[stageKey];
    const local = this.services.filter(
      (service) =>
        country !== null && service.countries.includes(country) && serves(service, wanted),
    );
    const covered = new Set(local.flatMap((service) => service.purposes));
    const open = wanted.filter((purpose) => !covered.has(purpose));
    const world = this.services.filter(
      ({ countries, purposes }) =>
        countries.length === 1 && countries[0] === WORLD && serves({ purposes }, open),
    );
    const first = (service: Service): number =>
      wanted.findIndex((purpose) => service.purposes.includes(purpose));
    const loud = ({ channels }: Service): number => Number(!isQuiet(channels[0] as Channel));
    return [...local, ...world].sort((a, b) => first(a) - first(b) || loud(a) - loud(b));
  }

  /** Return the card of a service in a language, English where a text lacks it. */
  card(service: Service, language: string, today: string, notRecent: string): HelpCard {
    const { countries: _, serves, hours, note, ...facts } = service;
    const kinds = service.channels.map((channel) => channel.kind);
    return {
      ...facts,
      serves: inLanguage(serves, language),
      hours: inLanguage(hours, language),
      note: inLanguage(note, language),
      use: service.purposes.map((purpose) => inLanguage(this.words.purposes[purpose], language)),
      beforeTitle: inLanguage(this.words.heading, language),
      before: before(this.words, kinds, service.anonymous, language),
      freshness: isFresh(service, today) ? "" : notRecent,
    };
  }

  /** Return the services whose page is undated, or dated more than FRESH_FOR_DAYS ago. */
  stale(today: string): Service[] {
    return this.services.filter((service) => !isFresh(service, today));
  }
}

function serves(service: Pick<Service, "purposes">, wanted: readonly Purpose[]): boolean {
  return service.purposes.some((purpose) => wanted.includes(purpose));
}

function isQuiet(channel: Channel): boolean {
  return QUIET.includes(channel.kind);
}

function several<Name extends string>(
  value: unknown,
  allowed: readonly Name[],
  where: string,
): readonly Name[] {
  const entries = reading.sequence(value, where, { least: 1 });
  const found = entries.map((entry) => reading.oneOf(entry, allowed, where));
  if (new Set(found).size !== found.length) {
    throw new BundleError(`${where}: an entry is repeated`);
  }
  return found;
}

function parseService(value: unknown, where: string): Service {
  const found = reading.exactKeys(value, FIELDS, where);
  const texts = (key: "serves" | "hours" | "note"): Translations =>
    reading.translations(found[key], `${where}: ${key}`, true);
  return {
    id: reading.matching(/^[a-z0-9-]+$/, found.id, `${where}: id: not well formed`),
    countries: parseCountries(found.countries, `${where}: countries`),
    name: reading.text(found.name, `${where}: name`),
    purposes: several(found.purposes, PURPOSES, `${where}: purposes`),
    channels: parseChannels(found.channels, `${where}: channels`),
    languages: reading
      .sequence(found.languages, `${where}: languages`)
      .map((code) => reading.language(code, `${where}: languages`)),
    serves: texts("serves"),
    hours: texts("hours"),
    note: texts("note"),
    source: reading.https(found.source, `${where}: source`),
    pageDate: found.page_date === null ? null : reading.day(found.page_date, `${where}: page_date`),
    verification: reading.oneOf(
      found.verification,
      ["primary", "secondary"],
      `${where}: verification`,
    ),
    ...parseAnonymous(found.anonymous, found.anonymous_source, where),
  };
}

/** True or false needs the page that says so; null, which is "not known", has none. */
function parseAnonymous(
  known: unknown,
  source: unknown,
  where: string,
): Pick<Facts, "anonymous" | "anonymousSource"> {
  if (known === null) {
    if (source === null) return { anonymous: null, anonymousSource: null };
    throw new BundleError(`${where}: anonymous_source: must be null where that is not known`);
  }
  if (typeof known !== "boolean") {
    throw new BundleError(`${where}: anonymous: must be true, false or null`);
  }
  const page = reading.https(source, `${where}: anonymous_source`);
  return { anonymous: known, anonymousSource: page };
}

function parseCountries(value: unknown, where: string): string[] {
  const codes = reading.sequence(value, where, { least: 1 });
  if (codes.length === 1 && codes[0] === WORLD) return [WORLD];
  return codes.map((code) => reading.matching(/^[A-Z]{2}$/, code, `${where}: not well formed`));
}

function parseChannels(value: unknown, where: string): Channel[] {
  const channels = reading.sequence(value, where, { least: 1 }).map((entry) => {
    const found = reading.exactKeys(entry, ["kind", "value"], where);
    const kind = reading.oneOf(found.kind, CHANNELS, where);
    return { kind, value: reading.text(found.value, where) };
  });
  return channels.sort((a, b) => Number(isQuiet(b)) - Number(isQuiet(a)));
}
