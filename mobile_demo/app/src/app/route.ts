/** Which screen an address shows. */
import { parseLink, type Invitation } from "../core/invite.ts";

export type Route =
  | { readonly at: "list" | "invite" | "paste" | "settings" | "help" | "about" | "try" }
  | { readonly at: "chat" | "waiting" | "evidence"; readonly id: string }
  | { readonly at: "join"; readonly invitation: Invitation | undefined };

const PLAIN = ["invite", "paste", "settings", "help", "about", "try"] as const;
const OF_CHAT = ["chat", "waiting", "evidence"] as const;

export function routeOf(hash: string): Route {
  if (hash.startsWith("#join=")) return { at: "join", invitation: parseLink(hash) };
  const [, at = "", id = ""] = hash.split("/");
  const plain = PLAIN.find((name) => name === at);
  if (plain) return { at: plain };
  const ofChat = OF_CHAT.find((name) => name === at);
  return ofChat && id ? { at: ofChat, id } : { at: "list" };
}
