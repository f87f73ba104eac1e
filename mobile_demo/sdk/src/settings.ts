/**
 * What the person using the phone has chosen, and what is shown because of it. Pure.
 *
 * The policy says what a chat looks like; these choices say how much of that is shown. They are
 * the person's alone: there is no code, no owner, no deadline and no file from elsewhere that sets
 * or holds them. The app keeps them, and gives them back at the start.
 */
import { SENSITIVITIES, type Sensitivity } from "./policyConfig.js";
import { Form, Level } from "./types.js";

/**
 * The choices that hold for all chats; a mute belongs to its chat.
 *
 * on: false reads nothing and shows nothing. sensitivity: the three policies of the bundle.
 * discreet: one neutral line in place of every card, and questions without their explanation.
 * friction: whether to ask before sending and to cover what arrives. RangeError on anything else.
 * JSON.stringify writes what the constructor takes.
 */
export class Settings {
  readonly on: boolean = true;
  readonly sensitivity: Sensitivity = "standard";
  readonly discreet: boolean = false;
  readonly friction: boolean = true;

  constructor(chosen: Partial<Choices> = {}) {
    if (!Object.keys(chosen).every((name) => Object.hasOwn(this, name))) {
      throw new RangeError("a setting is not known");
    }
    Object.assign(this, chosen);
    if (!SENSITIVITIES.includes(this.sensitivity)) {
      throw new RangeError(`sensitivity must be one of ${SENSITIVITIES.join(", ")}`);
    }
    for (const name of ["on", "discreet", "friction"] as const) {
      if (typeof this[name] !== "boolean") throw new RangeError(`${name} must be true or false`);
    }
    Object.freeze(this);
  }
}

export type Choices = Pick<Settings, "on" | "sensitivity" | "discreet" | "friction">;

/**
 * Return what a person sees of a level of the policy.
 *
 * Off hides everything. A mute hides notice and warning, and leaves one closed line of urgent: it
 * is never hidden by a mute.
 */
export function shown(level: Level, settings: Choices, muted: boolean): [Level, Form] {
  if (!settings.on) return [Level.NONE, Form.OFF];
  if (level === Level.NONE || (muted && level < Level.URGENT)) return [Level.NONE, Form.NOTHING];
  return [level, muted || settings.discreet ? Form.LINE : Form.CARD];
}

/**
 * Return the level by which friction asks: none where off, muted or not wanted.
 *
 * A muted chat asks nothing even at urgent: the one closed line is all that a mute leaves.
 */
export function askingLevel(level: Level, settings: Choices, muted: boolean): Level {
  return settings.on && settings.friction && !muted ? level : Level.NONE;
}
