/**
 * Pages of fixed text: what helps after it happened, and a page for parents and carers.
 *
 * They know nothing of any chat. guides/<lang>.json, English always there.
 */
import { REVIEWS, type Review } from "./advice.js";
import type { Files } from "./bundleFiles.js";
import { ByLanguage } from "./byLanguage.js";
import * as reading from "./reading.js";
import { BundleError } from "./reading.js";

const FORMAT = 1;
/** "after": for the young person. "caregiver": for parents and carers, who see no chats. */
export const GUIDES = ["after", "caregiver"] as const;
export type GuideId = (typeof GUIDES)[number];

/** A part of a guide. sources: the public pages on which its facts rest; may be empty. */
export interface Section {
  readonly heading: string;
  readonly lines: readonly string[];
  readonly sources: readonly string[];
}

/** A page in one language. sources: every source of the page, each once. */
export interface Guide {
  readonly id: GuideId;
  readonly title: string;
  readonly sections: readonly Section[];
  readonly sources: readonly string[];
  readonly review: Review;
  readonly language: string;
}

type Guides = Readonly<Record<GuideId, Guide>>;

/** All guides of a bundle. */
export class GuideBook {
  readonly #guides: ByLanguage<Guides>;

  /** files: of a bundle that was checked. They are read when they are first asked for. */
  constructor(files: Files) {
    this.#guides = new ByLanguage(files, "guides", parseGuides);
  }

  /** Return a guide in a language ("fr", "fr-CA"), or in English where there is none. */
  guide(id: GuideId, language: string): Guide {
    if (!GUIDES.includes(id)) throw new RangeError(`id must be one of ${GUIDES.join(", ")}`);
    return this.#guides.get(language)[id];
  }
}

/** Read one file; `where` is its name in the bundle, which must match its language. */
export function parseGuides(data: Uint8Array, where: string): Guides {
  const raw = reading.exactKeys(
    reading.parseJson(data, where),
    ["format", "language", "review", "guides"],
    where,
  );
  reading.checkFormat(raw, FORMAT, where);
  const language = reading.language(raw.language, `${where}: language`);
  if (where !== `guides/${language}.json`) {
    throw new BundleError(`${where}: language is not that of the file's name`);
  }
  const review = reading.oneOf(raw.review, REVIEWS, `${where}: review`);
  const guides = reading
    .sequence(raw.guides, `${where}: guides`)
    .map((entry, index) => parseGuide(entry, review, language, `${where}: guide ${index}`));
  if (guides.map((guide) => guide.id).join() !== GUIDES.join()) {
    throw new BundleError(`${where}: guides must be ${GUIDES.join(", ")}, in this order`);
  }
  return reading.eachKey(GUIDES, (id) => guides[GUIDES.indexOf(id)] as Guide);
}

function parseGuide(value: unknown, review: Review, language: string, where: string): Guide {
  const found = reading.exactKeys(value, ["id", "title", "sections"], where);
  const sections = reading
    .sequence(found.sections, `${where}: sections`, { least: 1, most: 12 })
    .map((section, index) => parseSection(section, `${where}: section ${index}`));
  const sources = [...new Set(sections.flatMap((section) => section.sources))];
  if (sources.length === 0) throw new BundleError(`${where}: has no source`);
  return {
    id: reading.oneOf(found.id, GUIDES, `${where}: id`),
    title: reading.text(found.title, `${where}: title`, 80),
    sections,
    sources,
    review,
    language,
  };
}

function parseSection(value: unknown, where: string): Section {
  const found = reading.exactKeys(value, ["heading", "lines", "sources"], where);
  const lines = reading.sequence(found.lines, `${where}: lines`, { least: 1, most: 8 });
  const sources = reading.sequence(found.sources, `${where}: sources`);
  return {
    heading: reading.text(found.heading, `${where}: heading`, 80),
    lines: lines.map((line) => reading.text(line, `${where}: lines`)),
    sources: sources.map((source) => reading.https(source, `${where}: sources`)),
  };
}
