import { text } from "../i18n/en";
import type { User } from "../protocol";
import type { Ending } from "../stage/stage";
import { explain } from "./errors";

/** What to tell somebody whose stay on a stage is over; `me` is their id. */
export function explainEnding({ why, seen, refusal }: Ending, me: number | undefined): string {
  const name = seen?.name ?? null;
  switch (why) {
    case "kicked":
      return text.ended.kicked(name);
    case "banned":
      return text.ended.banned(name);
    case "stage_ended":
      return endedBy(seen?.host, name, me);
    case "refused": {
      const known: Readonly<Record<string, string>> = text.stage.refused;
      if (refusal?.code === "stage_ended") return endedBy(seen?.host, name, me);
      // Who has been in it and is told that there is none, was not there when it ended.
      if (seen && refusal?.code === "stage_not_found") return text.ended.meanwhile(name);
      return known[refusal?.code ?? ""] ?? explain(refusal);
    }
  }
}

/** The host alone ends a stage. */
function endedBy(host: User | undefined, name: string | null, me: number | undefined): string {
  return host && host.id === me ? text.ended.byMe(name) : text.ended.byHost(host?.username ?? null, name);
}
