import { plural } from "./plural";

export const choosing = {
  start: "Choose several",
  stop: "Done",
  one: (title: string) => `Choose ${title}`,
  bar: "What to do with the chosen songs",
  count: (n: number) => plural(n, "song chosen", "songs chosen"),
  all: "All that is shown",
  none: "None",
  queue: "Queue on the stage",
  queued: (n: number) => `${plural(n, "song", "songs")} queued`,
  playlist: "Add to a playlist",
  added: (n: number, name: string) => `${plural(n, "song", "songs")} added to ${name}`,
  like: "Like",
  liked: (n: number) => `You like ${plural(n, "song", "songs")} more`,
  erase: "Delete from the library",
  eraseSure: (n: number, others: number) =>
    `Delete ${plural(n, "song", "songs")} for everyone?${others > 0 ? ` ${others === 1 ? "1 song is another’s and stays" : `${others} songs are of others and stay`}.` : ""}`,
  erased: (n: number) => `${plural(n, "song", "songs")} deleted`,
} as const;
