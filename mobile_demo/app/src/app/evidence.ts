/** The evidence file: chosen messages, made on this phone, given to the person alone. */
import { iso, make, render, shortDigest, toBytes, words, type Chosen, type Evidence, type Fact } from "safelight/evidence";
import type { Chat, Message } from "../core/chats.ts";

/** The handles must differ, also where both people chose the same name. */
export function makeEvidence(chat: Chat, messages: readonly Message[], country: string): Evidence {
  const owner = chat.myName;
  const peer = chat.name === owner ? `${chat.name} (2)` : chat.name;
  const said: Chosen[] = messages.map((message) => ({
    number: message.number + 1,
    sender: message.mine ? owner : peer,
    text: message.text,
    sentAt: iso(new Date(message.at)),
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
