/** 215_000_000 µs as `3:35`; with hours from one hour on. */
export function clock(us: number): string {
  const seconds = Math.max(0, Math.floor(us / 1_000_000));
  const [h, m, s] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
  const tail = `${h > 0 ? String(m).padStart(2, "0") : m}:${String(s).padStart(2, "0")}`;
  return h > 0 ? `${h}:${tail}` : tail;
}

const hour = new Intl.DateTimeFormat(undefined, { hour: "2-digit", minute: "2-digit" });
const day = new Intl.DateTimeFormat(undefined, { weekday: "long", day: "numeric", month: "long" });

export const timeOfDay = (us: number) => hour.format(us / 1000);
export const dayOf = (us: number) => day.format(us / 1000);

export function sameDay(a: number, b: number): boolean {
  return new Date(a / 1000).toDateString() === new Date(b / 1000).toDateString();
}

/** A hue of its own for whoever or whatever has no picture; the same one every time. */
export function hueOf(name: string): number {
  let hash = 7;
  for (const char of name) hash = (hash * 31 + (char.codePointAt(0) ?? 0)) % 3_600;
  return hash % 360;
}

export const initial = (name: string) => [...name.trim()][0]?.toUpperCase() ?? "?";

/** A distance in milliseconds as people read it: one decimal below ten. */
export const millis = (ms: number) => (ms < 10 ? ms.toFixed(1) : String(Math.round(ms)));
