/** Made-up chats that are played into the app on this phone; the English ones are the samples of the Python package. */
import ordinary from "../../../../model/safelight/samples/ordinary.jsonl?raw";
import signs from "../../../../model/safelight/samples/warning_signs.jsonl?raw";
import type { Message } from "../core/chats.ts";
import de from "./scripts/de.json";
import es from "./scripts/es.json";
import fr from "./scripts/fr.json";
import it from "./scripts/it.json";
import ja from "./scripts/ja.json";
import pt from "./scripts/pt.json";
import type { Language } from "./words.ts";

export type ScriptName = "ordinary" | "signs";

export interface Script {
  readonly name: ScriptName;
  readonly peer: string;
  readonly messages: readonly Message[];
}

interface Line {
  readonly messages: readonly {
    readonly sender: string; readonly text: string; readonly offset_s: number; readonly media?: string;
  }[];
}

const OTHERS: Readonly<Record<Exclude<Language, "en">, Readonly<Record<ScriptName, Line>>>> = { de, es, fr, it, ja, pt };

export function scriptOf(name: ScriptName, language: Language): Script {
  const { messages } = language === "en"
    ? JSON.parse(name === "ordinary" ? ordinary : signs) as Line
    : OTHERS[language][name];
  const start = Date.now();
  return {
    name,
    peer: messages.find(({ sender }) => sender !== "self")!.sender,
    messages: messages.map(({ sender, text, offset_s, media }, number) => ({
      number, text, mine: sender === "self", kind: media === "image" ? "image" : "text",
      at: start + offset_s * 1000, sent: true,
    })),
  };
}
