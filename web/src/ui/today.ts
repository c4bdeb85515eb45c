import { createSignal } from "solid-js";

const dayName = (at: Date) => at.toDateString();
const [today, setToday] = createSignal(dayName(new Date()));

/** Looks again just after midnight; a machine that slept through it looks when the page is seen. */
function look(): void {
  const now = new Date();
  setToday(dayName(now));
  setTimeout(look, new Date(now.getFullYear(), now.getMonth(), now.getDate() + 1, 0, 0, 1).getTime() - now.getTime());
}
look();
globalThis.document?.addEventListener("visibilitychange", () => setToday(dayName(new Date())));

/** Whether an instant in microseconds is of the present day, which ends while one looks. */
export const isToday = (us: number) => dayName(new Date(us / 1000)) === today();
