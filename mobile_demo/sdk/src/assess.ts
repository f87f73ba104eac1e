/** One message of one chat, around the graph: what is refused, what is fed, what is shown. Pure. */
import { type ChatState, namedRisks } from "./conversation.js";
import type { Stepped } from "./engine.js";
import { evidence, supported } from "./language.js";
import type { Manifest } from "./manifest.js";
import { decide, type PolicyState } from "./policy.js";
import { type Settings, shown } from "./settings.js";
import { short } from "./snapshotPayload.js";
import { INDICATORS, MEDIA } from "./taxonomy.js";
import { type AssessmentFields, Form, Level, type Message, SELF, Stage } from "./types.js";

/** What is shown while the guard is off: nothing was read. */
export const UNREAD: AssessmentFields = {
  level: Level.NONE,
  changed: false,
  stage: Stage.NONE,
  risks: namedRisks([]),
  indicators: {},
  reasons: [],
  supportedLanguage: null,
  form: Form.OFF,
  raised: false,
};

/** A message, what the model answered, and how its chat is shown. */
export interface Asked {
  readonly message: Message;
  readonly answer: Stepped;
  readonly muted: boolean;
  readonly replay: boolean;
}

/** Return the state of a chat after a message, and what the person then sees. */
export function moved(
  old: ChatState,
  { message, answer, muted, replay }: Asked,
  settings: Settings,
  manifest: Manifest,
): { state: ChatState; fields: AssessmentFields } {
  const { outputs, state: hidden } = answer;
  const config = manifest.policies[settings.sensitivity];
  const messageId = message.id ?? `m${old.messages}`;
  const policy = decide(old.policy, config, short(message.sender), messageId, outputs);
  const rule = manifest.language;
  const foreign = evidence(rule, old.foreign, message.text ?? "", outputs.languages);
  const [before] = shown(old.policy.level, settings, muted);
  const [level, form] = shown(policy.level, settings, muted);
  const further = level >= Level.WARNING && urgency(policy) > urgency(old.policy);
  const found = INDICATORS.map((name, i) => [name, outputs.indicators[i] ?? 0] as const);
  const present = found.filter(([name, p]) => message.sender !== SELF && p >= config.present[name]);
  return {
    state: {
      hidden,
      policy,
      risks: Array.from(outputs.risks),
      lastSentAt: microseconds(message.sentAt),
      messages: old.messages + 1,
      foreign,
    },
    fields: {
      level,
      changed: !replay && level !== before,
      stage: level === Level.NONE ? Stage.NONE : policy.stage,
      risks: namedRisks(outputs.risks),
      indicators: Object.fromEntries(present),
      reasons: level === Level.NONE ? [] : policy.reasons,
      supportedLanguage: supported(rule, foreign),
      form,
      raised: !replay && (level > before || further),
    },
  };
}

/** How much the advice of a stage is needed; that on a push to self-harm most of all. */
function urgency({ stage, reasons }: PolicyState): number {
  const pushed = reasons.some(({ indicator }) => indicator === "self_harm_push");
  return Object.values(Stage).indexOf(stage) + Number(stage === Stage.CRISIS && pushed);
}

/**
 * Return a copy of a message, which its caller may change before it is read; a faulty one is a
 * RangeError that holds no text.
 */
export function checked(message: Message): Message {
  const { sender, text = "", media = null, id = null, sentAt = null } = message;
  if (typeof sender !== "string" || !sender) {
    throw new RangeError('sender must be "self", "peer" or a name');
  }
  if (typeof text !== "string") throw new RangeError("text must be a string");
  if (media !== null && !MEDIA.includes(media)) {
    throw new RangeError(`media must be null or one of ${MEDIA.join(", ")}`);
  }
  if (id !== null && (typeof id !== "string" || !id)) {
    throw new RangeError("id must be null or a string that is not empty");
  }
  if (sentAt !== null && (!(sentAt instanceof Date) || Number.isNaN(sentAt.getTime()))) {
    throw new RangeError("sentAt must be null or a valid Date");
  }
  return { sender, text, media, id, sentAt: sentAt && new Date(sentAt) };
}

/**
 * Return a time as microseconds since 1970, as snapshots hold it; null when unknown, and outside the
 * years 1 to 9999: no clock shows those, and no other port could go on from them.
 */
export function microseconds(sentAt: Date | null | undefined): bigint | null {
  const year = sentAt?.getUTCFullYear() ?? 0;
  return sentAt && year >= 1 && year <= 9999 ? BigInt(sentAt.getTime()) * 1000n : null;
}

/** Return seconds since the previous message, -1 when unknown or first, never else negative. */
export function gapSeconds(before: bigint | null, now: bigint | null): number {
  if (before === null || now === null) return -1;
  return Math.max(Number(now - before) / 1e6, 0);
}
