/**
 * The fixed label lists, copied from the Python runtime by the build.
 *
 * A bundle whose manifest lists other labels, or another order, is refused: what Safelight looks
 * for cannot be widened by swapping a file.
 */
import { CUES, INDICATORS, MEDIA, RISKS } from "./generated/labels.js";

export { CUES, INDICATORS, MEDIA, RISKS };

/** What a message of the other person does. */
export type Indicator = (typeof INDICATORS)[number];
/** What a message of the person using the phone shows. */
export type Cue = (typeof CUES)[number];
/** What a conversation shows so far; independent probabilities. */
export type Risk = (typeof RISKS)[number];
/** Kinds of attachment a message may carry; the content itself is never opened. */
export type Media = (typeof MEDIA)[number];
