/** Which devices sound: this one may steer alone, and the host may say whose device alone sounds. */

import type { User } from "../protocol";
import type { Stage } from "../stage/stage";
import { preferences } from "./preferences";

/** Whose device alone sounds, if it is somebody else's. */
export function otherSpeaker(stage: Stage): User | null {
  const speaker = stage.state()?.stage.speaker ?? null;
  return speaker?.id === stage.me.id ? null : speaker;
}

/** Nothing sounds here, whatever this tab does. */
export const isSilent = (stage: Stage) => preferences.remote() || otherSpeaker(stage) !== null;
