/** Whether this device is told of what happens while no page of Octave is open: the browser's push service brings it. */

import { api, told } from "../net/client";

/** Over https and in browsers that know of it; on an iPhone once Octave stands on the home screen. */
export const canBePushed = () => "PushManager" in globalThis && "serviceWorker" in navigator && "Notification" in globalThis;

const registration = async () => (await navigator.serviceWorker.getRegistration()) ?? null;
const subscription = async () => (await (await registration())?.pushManager.getSubscription()) ?? null;

/** The server's key, if it pushes at all, and whether this login is told here. */
export async function pushed(): Promise<{ key: string; on: boolean } | null> {
  if (!(await registration())) return null;
  const { public_key, subscribed } = await told(api.GET("/api/v1/me/push"));
  if (!public_key) return null;
  return { key: public_key, on: subscribed && Notification.permission === "granted" && (await subscription()) !== null };
}

/** Asks who sits there, and then the push service. False if either does not want to. */
export async function pushHere(key: string): Promise<boolean> {
  if ((await Notification.requestPermission()) !== "granted") return false;
  const { pushManager } = await navigator.serviceWorker.ready;
  // One that was made with another key is of no use to this server.
  await (await pushManager.getSubscription())?.unsubscribe();
  const made = await pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: key });
  const { endpoint, keys } = made.toJSON();
  await api.PUT("/api/v1/me/push", { body: { endpoint: endpoint ?? "", p256dh: keys?.p256dh ?? "", auth: keys?.auth ?? "" } });
  return true;
}

/** Nothing is told here any more. */
export async function pushNoMore(): Promise<void> {
  await api.DELETE("/api/v1/me/push");
  await (await subscription())?.unsubscribe();
}
