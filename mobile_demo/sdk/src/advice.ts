/** Fixed advice: advice/<lang>.json, picked by stage and audience. Nothing is generated. */
import type { Files } from "./bundleFiles.js";
import { ByLanguage } from "./byLanguage.js";
import { CHANNELS } from "./cardWords.js";
import * as reading from "./reading.js";
import { BundleError } from "./reading.js";
import { type HelpCard, Resources, STAGE_KEYS, type StageKey } from "./resources.js";
import { INDICATORS, type Indicator } from "./taxonomy.js";
import {
  type AdviceOptions,
  type AssessmentFields,
  LEVELS,
  type LevelLabel,
  label,
  Stage,
} from "./types.js";

const FORMAT = 2;
export const REVIEWS = ["none", "native", "practitioner"] as const;
export type Review = (typeof REVIEWS)[number];
/** For whom the words of a stage are; those for young people are always there. */
export const AUDIENCES = ["young", "adult"] as const;
export type Audience = (typeof AUDIENCES)[number];
const FIELDS = [
  "format",
  "language",
  "review",
  "levels",
  "ui",
  "indicator_names",
  "stages",
] as const;
const UI = [
  "noticed",
  "get_help",
  "can_be_wrong",
  "not_recently_checked",
  "discreet",
  "muted_urgent",
  ...CHANNELS,
] as const;

/** A public page on which advice rests. publisher: who says it, and where if elsewhere. */
export interface Page {
  readonly publisher: string;
  readonly url: string;
}

/**
 * What to say after a message, in one language.
 *
 * level: the name of the level as shown. noticed: the names of the indicators among the reasons,
 * each once. action: the one main action; steps: what may follow, in order. canBeWrong: the honest
 * limit. sources: public pages on which the words of the stage rest. language and audience: of
 * these words; not the ones asked for where there are none. At level notice an app shows title and
 * action only.
 */
export interface Advice extends StageWords {
  readonly level: string;
  readonly stage: Stage;
  readonly noticed: readonly string[];
  readonly canBeWrong: string;
  readonly cards: readonly HelpCard[];
  readonly sources: readonly Page[];
  readonly review: Review;
  readonly language: string;
  readonly audience: Audience;
}

/** The words of one stage for one audience. */
export interface StageWords {
  readonly title: string;
  readonly lines: readonly string[];
  readonly action: string;
  readonly steps: readonly string[];
}

/** One stage. adult: null where it has no words of its own. */
export interface StageAdvice {
  readonly young: StageWords;
  readonly adult: StageWords | null;
  readonly sources: readonly Page[];
}

/**
 * One advice file.
 *
 * ui.discreet and ui.muted_urgent give no hint of what it is about: the one for a lock screen, the
 * other for a line that stays closed in a muted chat at level urgent.
 */
export interface Words {
  readonly language: string;
  readonly review: Review;
  readonly levels: Readonly<Record<LevelLabel, string>>;
  readonly ui: Readonly<Record<(typeof UI)[number], string>>;
  readonly indicatorNames: Readonly<Record<Indicator, string>>;
  readonly stages: Readonly<Record<StageKey, StageAdvice>>;
}

/** All advice of a bundle, by language, and its help cards. */
export class AdviceBook {
  readonly #files: Files;
  readonly #words: ByLanguage<Words>;
  #resources: Resources | null = null;

  /** files: of a bundle that was checked. They are read when they are first asked for. */
  constructor(files: Files) {
    this.#files = files;
    this.#words = new ByLanguage(files, "advice", parseWords);
  }

  get resources(): Resources {
    this.#resources ??= new Resources(this.#files.get("resources.json") as Uint8Array);
    return this.#resources;
  }

  /** Return the words of a language ("fr", "fr-CA"), or of English where there are none. */
  words(language: string): Words {
    return this.#words.get(language);
  }

  /** Return the advice for an assessment; see Assessment.advice. */
  advice(
    assessment: Pick<AssessmentFields, "level" | "stage" | "reasons">,
    language: string,
    options: AdviceOptions = {},
  ): Advice {
    const { country = null, audience = "young", today = localDay() } = options;
    if (!AUDIENCES.includes(audience)) {
      throw new RangeError(`audience must be one of ${AUDIENCES.join(", ")}`);
    }
    if (!reading.isDay(today)) throw new RangeError("today must be a date such as 2026-01-31");
    const words = this.words(language);
    const key = stageKey(assessment);
    const stage = words.stages[key];
    const given = audience === "adult" && stage.adult !== null ? "adult" : "young";
    const shown = new Set(assessment.reasons.map((reason) => reason.indicator));
    return {
      ...(stage[given] as StageWords),
      level: words.levels[label(assessment.level)],
      stage: assessment.stage,
      noticed: [...shown].map((name) => words.indicatorNames[name]),
      canBeWrong: words.ui.can_be_wrong,
      cards: this.resources
        .choose(key, country ? country.toUpperCase() : null)
        .map((service) =>
          this.resources.card(service, words.language, today, words.ui.not_recently_checked),
        ),
      sources: stage.sources,
      review: words.review,
      language: words.language,
      audience: given,
    };
  }
}

/** Return which of STAGE_KEYS fits: a crisis is told apart by its reasons, self-harm first. */
export function stageKey(assessment: Pick<AssessmentFields, "stage" | "reasons">): StageKey {
  if (assessment.stage !== Stage.CRISIS) return assessment.stage;
  const indicators = new Set(assessment.reasons.map((reason) => reason.indicator));
  if (indicators.has("self_harm_push")) return "crisis_self_harm";
  return indicators.has("coerced_task") ? "crisis_task" : "crisis_distress";
}

/** Today's date where the device is, "2026-01-31". */
function localDay(): string {
  const now = new Date();
  const local = new Date(now.getTime() - now.getTimezoneOffset() * 60_000);
  return local.toISOString().slice(0, 10);
}

/** Read one advice file; `where` is its name in the bundle, which must match its language. */
export function parseWords(data: Uint8Array, where: string): Words {
  const raw = reading.exactKeys(reading.parseJson(data, where), FIELDS, where);
  reading.checkFormat(raw, FORMAT, where, FORMAT);
  const language = reading.language(raw.language, `${where}: language`);
  if (where !== `advice/${language}.json`) {
    throw new BundleError(`${where}: language is not that of the file's name`);
  }
  return {
    language,
    review: reading.oneOf(raw.review, REVIEWS, `${where}: review`),
    levels: reading.texts(raw.levels, LEVELS, `${where}: levels`),
    ui: reading.texts(raw.ui, UI, `${where}: ui`),
    indicatorNames: reading.texts(raw.indicator_names, INDICATORS, `${where}: indicator_names`),
    stages: reading.entries(raw.stages, STAGE_KEYS, `${where}: stages`, parseStage),
  };
}

function parseStage(value: unknown, where: string): StageAdvice {
  const grown = Object.hasOwn(reading.mapping(value, where), "adult");
  const keys: ("young" | "adult" | "sources")[] = ["young", "sources"];
  if (grown) keys.push("adult");
  const found = reading.exactKeys(value, keys, where);
  const pages = reading.sequence(found.sources, `${where}.sources`, { least: 1, most: 20 });
  return {
    young: parseStageWords(found.young, `${where}.young`),
    adult: grown ? parseStageWords(found.adult, `${where}.adult`) : null,
    sources: pages.map((page) => parsePage(page, `${where}.sources`)),
  };
}

function parsePage(value: unknown, where: string): Page {
  const found = reading.exactKeys(value, ["publisher", "url"], where);
  return {
    publisher: reading.text(found.publisher, `${where}: publisher`, 80),
    url: reading.https(found.url, `${where}: url`),
  };
}

function parseStageWords(value: unknown, where: string): StageWords {
  const found = reading.exactKeys(value, ["title", "lines", "action", "steps"], where);
  const lines = (entries: unknown, place: string, least: number, most: number): string[] =>
    reading.sequence(entries, place, { least, most }).map((entry) => reading.text(entry, place));
  return {
    title: reading.text(found.title, `${where}.title`, 80),
    lines: lines(found.lines, `${where}.lines`, 1, 4),
    action: reading.text(found.action, `${where}.action`, 80),
    steps: lines(found.steps, `${where}.steps`, 0, 6),
  };
}
