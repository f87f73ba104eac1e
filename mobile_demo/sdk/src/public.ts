/** The public names, the same for every entry but the Guard. */
export type { Advice, Audience, Page, Review } from "./advice.js";
export type { Files, Trust } from "./bundleFiles.js";
export { type ChatChoices, Conversation } from "./conversation.js";
export { type Arrival, Arrive, type Friction, type Kind, SENDING, Send } from "./friction.js";
export { VERSION } from "./generated/package.js";
export { GUIDES, type Guide, type GuideId, type Section } from "./guides.js";
export type { Indicator as IndicatorFacts, Source } from "./indicators.js";
export type { Manifest } from "./manifest.js";
export type { Ort } from "./ort.js";
export { SENSITIVITIES, type Sensitivity } from "./policyConfig.js";
export { BundleError } from "./reading.js";
export { Hint, hintWords } from "./hintWords.js";
export { type Contact, Recontact, RecontactError } from "./recontact.js";
export type { Channel, HelpCard } from "./resources.js";
export { type Choices, Settings } from "./settings.js";
export { SnapshotError } from "./snapshot.js";
export type { AppKey } from "./subkey.js";
export {
  CUES,
  INDICATORS,
  type Cue,
  type Indicator,
  MEDIA,
  type Media,
  RISKS,
  type Risk,
} from "./taxonomy.js";
export {
  type AdviceOptions,
  Assessment,
  Form,
  LEVELS,
  Level,
  type LevelLabel,
  label,
  type Message,
  type Outputs,
  type Reason,
  SELF,
  Stage,
} from "./types.js";
export type { Moved, Why } from "./why.js";
