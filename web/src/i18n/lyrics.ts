/** What is said around the words of a song. */
export const lyrics = {
  title: "Lyrics",
  none: "Nobody has put the words of this song beside it.",
} as const;
