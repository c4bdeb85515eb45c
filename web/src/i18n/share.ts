export const share = {
  nothing: "There is nothing here to open",
  hint: "Share audio files to add them to the library, or a link to a stage of this server to come in.",
  search: "Search for it here",
} as const;
