/** The page's side of the service worker, which exists over https and on the device itself alone. */

import { navigate, placeWithin } from "../routes";

/** To be called once the page stands: nothing of it waits for the worker. */
export function followWorker(): void {
  const { serviceWorker } = navigator as { serviceWorker?: ServiceWorkerContainer };
  if (!serviceWorker || !import.meta.env.PROD) return;
  serviceWorker.addEventListener("message", ({ data }: MessageEvent<{ go?: unknown } | null>) => {
    if (typeof data?.go === "string") navigate(placeWithin(data.go));
  });
  // Where the browser wants none, there is none.
  const register = () => void serviceWorker.register("/sw.js").catch(() => undefined);
  if (document.readyState === "complete") register();
  else addEventListener("load", register, { once: true });
}
