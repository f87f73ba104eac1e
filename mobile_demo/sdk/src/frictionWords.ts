/** The fixed words of friction, copied by the build from the Python package's words/friction.json. */
import { REVIEWS, type Review } from "./advice.js";
import { forLanguage, parseLanguages } from "./byLanguage.js";
import { FRICTION } from "./generated/frictionWords.js";
import * as reading from "./reading.js";

const FORMAT = 1;
const WHERE = "words/friction.json";
/** What is asked about before it is sent, and what is covered when it arrives. */
const SEND = ["image", "video", "location", "payment", "file", "contact", "call"] as const;
const ARRIVE = ["link", "image", "video", "file"] as const;

/** One question: its title, one or two sentences, and the word for going on. */
export interface Ask {
  readonly title: string;
  readonly text: string;
  readonly go: string;
}

/** The words of one language. stay: the answer that leaves things as they are. */
export interface AskWords {
  readonly language: string;
  readonly review: Review;
  readonly stay: string;
  readonly send: Readonly<Partial<Record<string, Ask>>>;
  readonly arrive: Readonly<Partial<Record<string, Ask>>>;
}

let book: ReadonlyMap<string, AskWords> | null = null;

/** Return the words of a language ("fr", "fr-CA"), or of English where there are none. */
export function askWords(language: string): AskWords {
  book ??= parseAskBook(FRICTION);
  return forLanguage(book, language);
}

/** Read the parsed file; BundleError on the first fault. */
export function parseAskBook(value: unknown): ReadonlyMap<string, AskWords> {
  return parseLanguages(value, FORMAT, WHERE, parse);
}

function parse(value: unknown, where: string, language: string): AskWords {
  const found = reading.exactKeys(value, ["review", "stay", "send", "arrive"], where);
  return {
    language,
    review: reading.oneOf(found.review, REVIEWS, `${where}.review`),
    stay: reading.text(found.stay, `${where}.stay`, 30),
    send: reading.entries(found.send, SEND, `${where}.send`, parseAsk),
    arrive: reading.entries(found.arrive, ARRIVE, `${where}.arrive`, parseAsk),
  };
}

function parseAsk(value: unknown, where: string): Ask {
  const found = reading.exactKeys(value, ["title", "text", "go"], where);
  return {
    title: reading.text(found.title, `${where}.title`, 60),
    text: reading.text(found.text, `${where}.text`, 160),
    go: reading.text(found.go, `${where}.go`, 30),
  };
}
