/** How loud it is here: as this listener likes it, or as the host suggests. */

import { api } from "../net/client";
import { preferences } from "./preferences";
import { stage } from "./session";

/** A hand on the slider asks once it rests. */
const REST_MS = 400;

/** What the host suggests to somebody else, 0 to 1; null where there is nothing to follow. */
export function suggested(): number | null {
  const now = stage()?.state();
  if (!now?.stage.volume.together || now.you.role === "host") return null;
  return now.stage.volume.percent / 100;
}

/** The slider's place, muted or not. */
export const loudness = () => (preferences.withHost() ? suggested() : null) ?? preferences.volume();

export const audible = () => (preferences.muted() ? 0 : loudness());

let timer: ReturnType<typeof setTimeout> | undefined;

/** A listener's own wish; a host's is suggested to all where the stage wants that. */
export function setLoudness(value: number): void {
  preferences.setMuted(false);
  if (suggested() !== null) preferences.setWithHost(false);
  preferences.setVolume(value);
  const now = stage()?.state();
  if (!now?.stage.volume.together || now.you.role !== "host") return;
  clearTimeout(timer);
  timer = setTimeout(() => suggest(now.stage.id, value), REST_MS);
}

/** A suggestion that doesn't arrive is made by the next move of the slider. */
function suggest(id: number, value: number): void {
  const body = { volume: { percent: Math.round(value * 100) } };
  void api.PATCH("/api/v1/stages/{id}", { params: { path: { id } }, body }).catch(() => undefined);
}
