/** In the address of the library: of which genre its songs are. */
export const GENRE = "genre";

export const ofGenre = (name: string) => `/library?${GENRE}=${encodeURIComponent(name)}`;
