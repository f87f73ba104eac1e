/** The evidence file: chosen messages, made on this phone, given to the person alone. */
import { iso, make, render, shortDigest, toBytes, words, type Chosen, type Evidence, type Fact } from "safelight/evidence";
import type { Chat, Message } from "../core/chats.ts";
import { dateOf } from "../core/content.ts";

/** Of a chat whose name is blank, as earlier versions took it. */
const NAMELESS = "?";

/** The handles must differ, also where both people chose the same name. */
export function makeEvidence(chat: Chat, messages: readonly Message[], country: string): Evidence {
  const [owner, name] = [chat.myName, chat.name].map((each) => each.trim() || NAMELESS) as [string, string];
  const peer = name === owner ? `${name} (2)` : name;
  const said: Chosen[] = messages.map((message) => ({
    number: message.number + 1,
    sender: message.mine ? owner : peer,
    text: message.text,
    sentAt: timeOf(message.at),
    media: message.kind === "image" || message.kind === "location" ? message.kind : null,
  }));
  const named = messages.some(({ mine }) => !mine);
  const facts: Fact[] = [
    { name: "owner", value: owner },
    ...(named ? [{ name: "peer", value: peer } as const] : []),
    ...(country ? [{ name: "country", value: country } as const] : []),
  ];
  return make(said, facts, { created: iso(new Date()), source: "Safelight chat" });
}

/** Empty for a moment outside the years 1 to 9999: it is of no use, and no file can hold it. */
function timeOf(at: number): string {
  const year = dateOf(at)?.getUTCFullYear() ?? -1;
  // The zone may lead over the edge, so that the written year decides.
  const written = year >= 0 && year <= 10_000 ? iso(new Date(at)) : "";
  return /^(?!0000)\d{4}-/.test(written) ? written : "";
}

export function fileOf(evidence: Evidence): Blob {
  return new Blob([Uint8Array.from(toBytes(evidence))], { type: "application/json" });
}

export function pageOf(evidence: Evidence, language: string): Blob {
  return new Blob([render(evidence, words(language), {})], { type: "text/html" });
}

export const codeOf = (evidence: Evidence) => shortDigest(evidence.digest);

/** Hand a file to the person: the browser asks them where to keep it. */
export function save(file: Blob, name: string): void {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(file);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}
