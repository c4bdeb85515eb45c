/** What the server tells a device whose page is closed: shown by the system, and one press away from what it is about. */

import { placeOf } from "../features/notifications/place";
import type { Notification as Told } from "../net/client";
import { type Clicked, type Pushed, type Renewing, scope } from "./scope";

export async function show({ data }: Pushed): Promise<void> {
  const told = data?.json() as Told | undefined;
  if (!told) return;
  // Who looks at a page has been told there.
  const pages = await scope.clients.matchAll({ type: "window", includeUncontrolled: true });
  if (pages.some(({ focused }) => focused)) return;
  const options = {
    body: told.excerpt ?? "",
    icon: told.from.avatar_url ?? "/icon-192.png",
    badge: "/icon-badge.png",
    tag: `${told.kind} ${told.stage ?? told.from.id}`,
    timestamp: told.at_us / 1_000,
    data: placeOf(told),
  };
  await scope.registration.showNotification(told.text, options);
}

/** A page that is open goes there itself, so that what it plays goes on. */
export async function open({ notification }: Clicked): Promise<void> {
  notification.close();
  const place = String(notification.data);
  const [page] = await scope.clients.matchAll({ type: "window" });
  if (!page) return void (await scope.clients.openWindow(place));
  page.postMessage({ go: place });
  await page.focus();
}

/** The push service has another address for this device. */
export async function renew({ oldSubscription, newSubscription }: Renewing): Promise<void> {
  const options = oldSubscription?.options;
  const renewed =
    newSubscription ??
    (options &&
      (await scope.registration.pushManager.subscribe({
        userVisibleOnly: true,
        applicationServerKey: options.applicationServerKey,
      })));
  if (!renewed) return;
  const { endpoint, keys } = renewed.toJSON();
  const body = JSON.stringify({ endpoint, ...keys });
  await fetch("/api/v1/me/push", { method: "PUT", headers: { "content-type": "application/json" }, body });
}
