/** What each indicator means and where that is said in public: indicators.json. */
import { inLanguage } from "./cardWords.js";
import * as reading from "./reading.js";
import { BundleError, type Translations } from "./reading.js";
import { INDICATORS, type Indicator as Id } from "./taxonomy.js";

const FORMAT = 1;
const WHERE = "indicators.json";

/** A public page on which an indicator rests. url: null where nobody here has read the page. */
export interface Source {
  readonly title: string;
  readonly url: string | null;
  readonly publisher: string;
}

/** One indicator. */
export class Indicator {
  readonly id: Id;
  readonly sources: readonly Source[];
  readonly #names: Translations;
  readonly #descriptions: Translations;

  constructor(value: unknown, where: string) {
    const found = reading.exactKeys(value, ["id", "name", "description", "sources"], where);
    this.id = reading.oneOf(found.id, INDICATORS, `${where}: id`);
    this.#names = reading.translations(found.name, `${where}: name`);
    this.#descriptions = reading.translations(found.description, `${where}: description`);
    this.sources = reading
      .sequence(found.sources, `${where}: sources`, { least: 1 })
      .map((source) => parseSource(source, `${where}: sources`));
  }

  /** Return the short name, in English where the language has none. */
  name(language: string): string {
    return inLanguage(this.#names, language);
  }

  /** Return the one-sentence description, in English where the language has none. */
  description(language: string): string {
    return inLanguage(this.#descriptions, language);
  }
}

/** Read indicators.json: id → Indicator, in the order of taxonomy.INDICATORS. */
export function parseIndicators(data: Uint8Array): Readonly<Record<Id, Indicator>> {
  const raw = reading.exactKeys(reading.parseJson(data, WHERE), ["format", "indicators"], WHERE);
  reading.checkFormat(raw, FORMAT, WHERE);
  const entries = reading
    .sequence(raw.indicators, `${WHERE}: indicators`)
    .map((entry, index) => new Indicator(entry, `${WHERE}: entry ${index}`));
  if (entries.map((entry) => entry.id).join() !== INDICATORS.join()) {
    throw new BundleError(`${WHERE}: the ids differ from the list that safelight knows`);
  }
  return reading.eachKey(INDICATORS, (id) => entries[INDICATORS.indexOf(id)] as Indicator);
}

function parseSource(value: unknown, where: string): Source {
  const found = reading.exactKeys(value, ["title", "url", "publisher"], where);
  return {
    title: reading.text(found.title, `${where}: title`),
    url: found.url === null ? null : reading.https(found.url, `${where}: url`),
    publisher: reading.text(found.publisher, `${where}: publisher`),
  };
}
