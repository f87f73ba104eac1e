/** Which screen is drawn, and what lies over all of them. */
import { html, nothing, type TemplateResult } from "lit";
import type { Model } from "../app/model.ts";
import { chatScreen } from "./chat.ts";
import { dialog } from "./dialog.ts";
import { evidenceScreen } from "./evidence.ts";
import { firstScreen } from "./first.ts";
import { helpScreen } from "./help.ts";
import { inviteScreen, joinScreen, pasteScreen, waitingScreen } from "./invite.ts";
import { listScreen } from "./list.ts";
import { problemScreen } from "./problem.ts";
import { settingsScreen } from "./settings.ts";
import { tryScreen } from "./try.ts";

export function screen(model: Model): TemplateResult | null {
  if (!model.words) return null; // what the page itself says stays
  const shown = model.problem ? problemScreen(model, model.problem) : model.ready ? current(model) : null;
  return shown && html`${shown}${model.questions.now ? dialog(model.questions.now) : nothing}`;
}

function current(model: Model): TemplateResult {
  const { route, chosen } = model;
  if (!chosen.first) return firstScreen(model, true);
  switch (route.at) {
    case "about": return firstScreen(model, false);
    case "invite": return inviteScreen(model);
    case "paste": return pasteScreen(model);
    case "join": return joinScreen(model, route.invitation);
    case "settings": return settingsScreen(model);
    case "help": return helpScreen(model);
    case "try": return tryScreen(model);
    case "waiting": return model.chat ? waitingScreen(model, model.chat) : listScreen(model);
    case "chat": return model.chat && model.view ? chatScreen(model, model.chat, model.view) : listScreen(model);
    case "evidence": return model.chat && model.view ? evidenceScreen(model, model.chat, model.view) : listScreen(model);
    case "list": return listScreen(model);
  }
}
