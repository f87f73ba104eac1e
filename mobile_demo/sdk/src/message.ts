/** Messages as an app gives them: what is allowed, and when they were sent. */
import { MEDIA } from "./taxonomy.js";
import type { Message } from "./types.js";

/** Throw a RangeError, which holds no text, for a faulty message. */
export function checkMessage(message: Message): void {
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
}

/** Return a time as microseconds since 1970, as snapshots hold it; null when unknown. */
export function microseconds(sentAt: Date | null | undefined): bigint | null {
  return sentAt ? BigInt(sentAt.getTime()) * 1000n : null;
}

/** Return seconds since the previous message, -1 when unknown or first, never else negative. */
export function gapSeconds(before: bigint | null, now: bigint | null): number {
  if (before === null || now === null) return -1;
  return Math.max(Number(now - before) / 1e6, 0);
}
