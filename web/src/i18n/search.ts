/** What is said where everything is searched. */
export const search = {
  title: "Search",
  box: "Songs, artists, albums, playlists, stages, people",
  hint: "Type a few letters: whatever has a word that begins so is found, and small slips are forgiven.",
  noMatch: (q: string) => `Nothing is called anything like “${q}”.`,
  groups: {
    songs: "Songs",
    artists: "Artists",
    albums: "Albums",
    playlists: "Playlists",
    stages: "Stages",
    users: "People",
  },
} as const;
