/** What is said of playlists that come from other players and go to them. */

import { plural } from "./plural";

export const exchange = {
  title: "Import a playlist",
  hint: "A file of another player: XSPF, JSPF or M3U. The songs in it that this library has become a playlist of yours.",
  choose: "Choose a file",
  reading: "Looking for its songs …",
  found: (found: number, all: number) =>
    found === all ? `All ${plural(all, "song", "songs")} found.` : `${found} of ${all} songs found.`,
  open: "Open the playlist",
  missing: "What was not found",
  missingHint: "Choose a song for an entry, and it stands where it belongs.",
  left: (n: number) => plural(n, "entry was not found", "entries were not found"),
  use: (title: string, artist: string) => `Use ${title} by ${artist}`,
  useIt: "Use",
  pick: "Choose a song",
  pickFor: (said: string) => `Choose a song for ${said}`,
  leaveOut: "Leave out",
  leaveOutOf: (said: string) => `Leave out ${said}`,
  back: "Back to the list",
  search: "Search songs",
  near: "What comes near",
  noMatch: (q: string) => `No song matches “${q}”.`,
  placed: (title: string) => `${title} stands in its place.`,
  leftOut: (said: string) => `${said} is left out.`,
  complete: "Nothing is missing any more.",
  more: (n: number) => `Show ${n} more`,
  formats: { xspf: "Export as XSPF", jspf: "Export as JSPF", m3u8: "Export as M3U" },
  formatsFor: "Export this playlist",
} as const;
