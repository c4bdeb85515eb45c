/** One stretch of play, as it sounds. */

import type { Tape } from "../song/tape";
import type { Controller } from "./control";
import type { Fader } from "./fader";
import type { Cue } from "./timeline";
import type { Voice } from "./voice";

/** A voice, the cue that it plays, and what keeps it in place. */
export interface Run {
  readonly cue: Cue;
  readonly tape: Tape;
  voice: Voice;
  /** All its voices go through it. */
  readonly fader: Fader;
  readonly control: Controller;
  /** The cue before which this run was told to end. */
  until?: Cue;
}
