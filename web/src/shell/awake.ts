/** Keeps the screen on while somebody looks at a stage that sounds; where the device can't or won't, it goes off as ever. */

import { type Accessor, createEffect, createSignal, onCleanup } from "solid-js";

export function keepAwake(wanted: Accessor<boolean>): void {
  const { wakeLock } = navigator as { wakeLock?: WakeLock };
  if (!wakeLock) return;
  const isSeen = () => document.visibilityState === "visible";
  const [seen, setSeen] = createSignal(isSeen());
  // The system takes the lock from a page that is not seen, and does not give it back by itself.
  const look = () => void setSeen(isSeen());
  document.addEventListener("visibilitychange", look);
  onCleanup(() => document.removeEventListener("visibilitychange", look));
  createEffect(() => {
    if (!wanted() || !seen()) return;
    // Refused with a battery that is nearly empty.
    const held = wakeLock.request("screen").catch(() => null);
    onCleanup(() => void held.then((lock) => lock?.release()));
  });
}
