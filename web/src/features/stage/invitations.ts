/** How long an invitation lives, as one chooses it and as it is told. */

import { invitations as say } from "../../i18n/invitations";
import { dayOf, timeOfDay } from "../../ui/format";
import { isToday } from "../../ui/today";

export type Lifetime = keyof typeof say.lifetimes;

const HOUR_S = 3_600;
export const LIFETIME_S: Readonly<Record<Lifetime, number>> = {
  hour: HOUR_S,
  day: 24 * HOUR_S,
  week: 7 * 24 * HOUR_S,
  month: 30 * 24 * HOUR_S,
};

interface Counted {
  uses: number;
  max_uses?: number | null | undefined;
  expires_us?: number | null | undefined;
  /** That of a stage says whether it still lets in. */
  good?: boolean;
}

/** How often it was used, and until when it can be. */
export function stateOf({ uses, max_uses, expires_us, good = true }: Counted): string {
  const used = say.used(uses, max_uses);
  if (!good) return `${used} · ${say.over}`;
  if (expires_us == null) return used;
  const when = isToday(expires_us) ? timeOfDay(expires_us) : `${dayOf(expires_us)}, ${timeOfDay(expires_us)}`;
  return `${used} · ${say.until(when)}`;
}

/** What was typed for how many people; undefined for as many as come. */
export const peopleOf = (typed: string): number | undefined => (typed.trim() === "" ? undefined : Number(typed));
