import type { Notification } from "../../net/client";

/** Where a notification leads. The service worker asks too, which has no words. */
export function placeOf(told: Notification): string {
  if (told.kind === "friend_request") return "/friends";
  if (told.kind === "friend_accepted") return `/u/${encodeURIComponent(told.from.username)}`;
  if (told.stage != null) return `/s/${told.stage}${told.code ? `?invite=${encodeURIComponent(told.code)}` : ""}`;
  if (told.album != null) return `/albums/${told.album}`;
  if (told.song != null) return `/songs/${told.song}`;
  return "/notifications";
}
