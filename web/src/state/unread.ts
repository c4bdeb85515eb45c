/** How much of what concerns me I have not read, as the server told last. */

import { createSignal } from "solid-js";
import { api, told } from "../net/client";

const [unread, show] = createSignal(0);
/** How often it was told: an answer that was asked for before the last telling is an old one. */
let tellings = 0;

export { unread };

export function setUnread(count: number): void {
  tellings += 1;
  show(count);
}

const fromServer = async () => (await told(api.GET("/api/v1/notifications", { params: { query: { limit: 1 } } }))).unread;

/** Asks; that nobody answers is no reason to say so. */
export async function askUnread(ask: () => Promise<number> = fromServer): Promise<void> {
  const before = tellings;
  const count = await ask().catch(() => null);
  if (count !== null && tellings === before) show(count);
}
