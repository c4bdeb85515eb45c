/** The service worker: it keeps the shell, takes what other apps share, and shows what is pushed. */

import { scope } from "./scope";
import { isShare, takeShare } from "./shared";
import { answer, forgetOldShells, keepShell } from "./shell";
import { open, renew, show } from "./telling";

scope.addEventListener("install", (event) => {
  // Sound and the API never wait for a worker that has to be woken first, where the browser can be told so.
  event.waitUntil(
    event.addRoutes?.({ condition: { urlPattern: { pathname: "/api/*" } }, source: "network" }).catch(() => undefined) ??
      Promise.resolve(),
  );
  event.waitUntil(keepShell().then(() => scope.skipWaiting()));
});

scope.addEventListener("activate", (event) => {
  const ahead = scope.registration.navigationPreload?.enable();
  event.waitUntil(Promise.all([ahead, forgetOldShells(), scope.clients.claim()]));
});

scope.addEventListener("fetch", (event) => {
  const answered = isShare(event.request) ? takeShare(event.request) : answer(event);
  if (answered) event.respondWith(answered);
});

scope.addEventListener("push", (event) => event.waitUntil(show(event)));
scope.addEventListener("notificationclick", (event) => event.waitUntil(open(event)));
scope.addEventListener("pushsubscriptionchange", (event) => event.waitUntil(renew(event)));
