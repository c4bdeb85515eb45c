/** What a notification says. */

import { text } from "../../i18n/en";
import type { Notification } from "../../net/client";

export function wordsOf({ kind, from, about }: Pick<Notification, "kind" | "from" | "about">): string {
  return text.notifications.kinds[kind](from.username, about);
}
