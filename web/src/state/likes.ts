import { api } from "../net/client";

/** Likes a song, or no more. */
export const likeSong = (song: number, wanted: boolean) =>
  (wanted ? api.PUT : api.DELETE)("/api/v1/songs/{id}/like", { params: { path: { id: song } } });
