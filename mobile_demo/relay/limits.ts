/** What the relay accepts. Everything is counted in bytes of ciphertext, messages and seconds. */
export interface Limits {
  /** Of one message, as sent (base64). */
  readonly messageBytes: number;
  /** Of one box. */
  readonly boxMessages: number;
  readonly boxBytes: number;
  /** Of all boxes together. */
  readonly totalBytes: number;
  /** How long a message waits to be fetched. */
  readonly ageSeconds: number;
  /** Requests of one address: how many at once, and how many a second after that. */
  readonly burst: number;
  readonly perSecond: number;
  /** Open connections of one address, and boxes that one connection may watch. */
  readonly connections: number;
  readonly boxesOpen: number;
}

export const LIMITS: Limits = {
  messageBytes: 1_500_000,
  boxMessages: 2_000,
  boxBytes: 32_000_000,
  totalBytes: 1_000_000_000,
  ageSeconds: 30 * 24 * 3600,
  burst: 400,
  perSecond: 20,
  connections: 64,
  boxesOpen: 1_000,
};

/** A token bucket per address. */
export class Rates {
  readonly #limits: Limits;
  readonly #left = new Map<string, { tokens: number; at: number }>();

  constructor(limits: Limits) {
    this.#limits = limits;
  }

  /** Take one token; false where none is left. now: seconds, growing. */
  take(address: string, now: number): boolean {
    const { burst, perSecond } = this.#limits;
    const known = this.#left.get(address) ?? { tokens: burst, at: now };
    const tokens = Math.min(burst, known.tokens + (now - known.at) * perSecond);
    if (tokens < 1) return false;
    this.#left.set(address, { tokens: tokens - 1, at: now });
    return true;
  }

  /** Forget who has a full bucket again, so that addresses are not kept. */
  forget(now: number): void {
    const { burst, perSecond } = this.#limits;
    for (const [address, { tokens, at }] of this.#left) {
      if (tokens + (now - at) * perSecond >= burst) this.#left.delete(address);
    }
  }
}
