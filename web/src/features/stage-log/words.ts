/** What an entry of a stage's log says, and whether somebody may undo it. */

import { text } from "../../i18n/en";
import { stageLog as say } from "../../i18n/stage-log";
import type { LogEntry } from "../../net/client";
import type { Permission, Repeat, You } from "../../protocol";
import { clock } from "../../ui/format";

type Data = Readonly<Record<string, unknown>>;

const dataOf = ({ data }: LogEntry): Data => (typeof data === "object" && data !== null ? (data as Data) : {});
const numberOf = (data: Data, field: string) => (typeof data[field] === "number" ? data[field] : 0);
const textOf = (data: Data, field: string) => (typeof data[field] === "string" ? data[field] : "");

/** The end of a stage's queue is told by a song that is none. */
const endsQueue = (entry: LogEntry) => dataOf(entry).song === null;

export function wordsOf(entry: LogEntry): string {
  const data = dataOf(entry);
  const told = {
    who: entry.user?.username ?? say.stage,
    song: entry.song?.title ?? say.aSong,
    whom: entry.whom?.username ?? say.somebody,
    more: numberOf(data, "count") - 1,
    from: numberOf(data, "from") + 1,
    to: numberOf(data, "to") + 1,
    at: clock(numberOf(data, "position_us")),
    what: whatOf(entry.kind, data),
  };
  const words = (endsQueue(entry) && say.toTheEnd[entry.kind]) || say.kinds[entry.kind];
  return words ? words(told) : say.other(told, entry.kind);
}

function whatOf(kind: string, data: Data): string {
  if (kind === "role") return say.roles[textOf(data, "role")] ?? textOf(data, "role");
  if (kind === "mode") {
    const order = data.shuffle === true ? text.queue.shuffleOn : text.queue.shuffleOff;
    return [order, text.queue.repeat[textOf(data, "repeat") as Repeat]].join(", ").toLowerCase();
  }
  return Object.entries(say.parts)
    .filter(([part]) => part in data)
    .map(([, name]) => name)
    .join(", ");
}

/** What one must be allowed in order to undo an entry of this kind; of others nothing is undone. */
const UNDONE_BY: Readonly<Record<string, Permission>> = {
  queued: "queue_edit",
  removed: "queue_add",
  moved: "queue_edit",
  mode: "queue_edit",
  role: "manage",
  updated: "manage",
  banned: "moderate",
  unbanned: "moderate",
  muted: "moderate",
  unmuted: "moderate",
};

export function mayUndo(entry: LogEntry, you: You, me: number): boolean {
  const needed = UNDONE_BY[entry.kind];
  if (!needed) return false;
  // Of the cover and the attached playlists it is not told what they were.
  if (entry.kind === "updated" && Object.keys((dataOf(entry).was as Data | undefined) ?? {}).length === 0) return false;
  // Everybody may take back what they added.
  return you.can.includes(needed) || (entry.kind === "queued" && entry.user?.id === me);
}
