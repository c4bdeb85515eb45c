/** What a notification says, and where it leads. */

import { text } from "../../i18n/en";
import type { Notification } from "../../net/client";

export function wordsOf({ kind, from, about }: Pick<Notification, "kind" | "from" | "about">): string {
  return text.notifications.kinds[kind](from.username, about);
}

export function placeOf(told: Notification): string {
  if (told.kind === "friend_request") return "/friends";
  if (told.kind === "friend_accepted") return `/u/${encodeURIComponent(told.from.username)}`;
  if (told.stage != null) return `/s/${told.stage}${told.code ? `?invite=${encodeURIComponent(told.code)}` : ""}`;
  if (told.album != null) return `/albums/${told.album}`;
  if (told.song != null) return `/songs/${told.song}`;
  return "/notifications";
}
