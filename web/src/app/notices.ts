import { createSignal } from "solid-js";
import { explain } from "./errors";

export interface Toast {
  id: number;
  text: string;
  tone: "plain" | "error";
  action?: { label: string; href: string };
}

const SHOWN_MS = 5_000;
const [toasts, setToasts] = createSignal<readonly Toast[]>([]);
let last = 0;

export { toasts };

export function toast(text: string, options: Partial<Pick<Toast, "tone" | "action">> = {}): void {
  const id = ++last;
  setToasts((all) => [...all.slice(-2), { id, text, tone: "plain", ...options }]);
  setTimeout(() => dismiss(id), SHOWN_MS);
}

export function dismiss(id: number): void {
  setToasts((all) => all.filter((toast) => toast.id !== id));
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
