import { createSignal } from "solid-js";
import { explain } from "./errors";

export interface Toast {
  id: number;
  text: string;
  tone: "plain" | "error";
  action?: { label: string; href: string };
  /** Stays over a change of the screen, which it is about. */
  lasts?: boolean;
}

/** What only confirms goes soon; what is to be read or acted on stays longer. */
const SHOWN_MS = 3_000;
const READ_MS = 7_000;
const AT_ONCE = 3;
const [toasts, setToasts] = createSignal<readonly Toast[]>([]);
const timers = new Map<number, ReturnType<typeof setTimeout>>();
let last = 0;

export { toasts };

/** Says something at the edge of the page; the same words again take the place of the first ones. */
export function toast(text: string, options: Partial<Pick<Toast, "tone" | "action" | "lasts">> = {}): void {
  const added: Toast = { id: ++last, text, tone: "plain", ...options };
  for (const same of toasts().filter((other) => other.text === text)) dismiss(same.id);
  for (const old of toasts().slice(0, Math.max(0, toasts().length + 1 - AT_ONCE))) dismiss(old.id);
  setToasts((all) => [...all, added]);
  release(added);
}

export function dismiss(id: number): void {
  hold(id);
  setToasts((all) => all.filter((toast) => toast.id !== id));
}

/** Whoever is over it, or has the focus in it, reads it. */
export function hold(id: number): void {
  clearTimeout(timers.get(id));
  timers.delete(id);
}

export function release({ id, tone, action }: Toast): void {
  hold(id);
  timers.set(
    id,
    setTimeout(() => dismiss(id), tone === "error" || action ? READ_MS : SHOWN_MS),
  );
}

/** Runs what a button asked for; if it fails, says so. True when it worked. */
export async function attempt(work: () => Promise<unknown>): Promise<boolean> {
  try {
    await work();
    return true;
  } catch (error) {
    toast(explain(error), { tone: "error" });
    return false;
  }
}
