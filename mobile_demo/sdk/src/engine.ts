/** What a guard needs of a model, wherever it runs: here, or in a worker. */
import type { Media } from "./taxonomy.js";
import type { Outputs } from "./types.js";

/**
 * One message of one conversation.
 *
 * fromSelf: whether the person using the phone wrote it. gapS: seconds since the previous message,
 * -1 unknown. state: (stateSize,), zeros at first.
 */
export interface Step {
  readonly text: string;
  readonly media: Media | null;
  readonly fromSelf: boolean;
  readonly gapS: number;
  readonly state: Float32Array;
}

/** What the model says after a message, and the new state. */
export interface Stepped {
  readonly outputs: Outputs;
  readonly state: Float32Array;
}

export interface Engine {
  /** Feed one message to each of many conversations; answers in the order of `batch`. */
  step(batch: readonly Step[]): Promise<readonly Stepped[]>;
  /** Free what the model holds. */
  close(): Promise<void>;
}
