/** How much of what concerns me I have not read, as the server told last. */

import { createSignal } from "solid-js";
import { api, told } from "../net/client";

const [unread, setUnread] = createSignal(0);

export { setUnread, unread };

/** Asks; that nobody answers is no reason to say so. */
export async function askUnread(): Promise<void> {
  const page = await told(api.GET("/api/v1/notifications", { params: { query: { limit: 1 } } })).catch(() => null);
  if (page) setUnread(page.unread);
}
