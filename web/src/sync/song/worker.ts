/** The worker's end of [`Workshop`]. */

import { Bench } from "./bench";
import type { ToBench } from "./messages";

/** As much of a worker as this needs: the page's types know of none. */
interface Scope {
  postMessage(message: unknown, transfer: Transferable[]): void;
  onmessage: ((event: MessageEvent<ToBench>) => void) | null;
}

const scope = globalThis as unknown as Scope;
const bench = new Bench(
  (message, transfer) => scope.postMessage(message, transfer),
  (url, init) => fetch(url, { ...init, credentials: "same-origin" }),
);
scope.onmessage = ({ data }) => bench.hear(data);
