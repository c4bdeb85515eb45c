/** What HTTP alone speaks of; shapes shared with the WebSocket stand in `../protocol`. */

import type { Song, User } from "../protocol";

export interface Profile extends User {
  bio: string;
  friends_count: number;
  followers_count: number;
  following_count: number;
  /** The public stage this user is in at this moment. */
  stage?: { id: number; name: string } | null;
}

export interface Me extends Profile {
  email: string;
}

export interface LibrarySong extends Song {
  genres: string[];
  uploader: User | null;
  likes_count: number;
  liked: boolean;
}

export interface Playlist {
  id: number;
  name: string;
  description: string;
  cover_url: string | null;
  owner: User;
  songs_count: number;
}

export interface PlaylistEntry {
  id: number;
  song: LibrarySong;
}

export interface PlaylistDetail extends Playlist {
  entries: PlaylistEntry[];
}

export type FriendStatus = "accepted" | "incoming" | "outgoing";

export interface Friend {
  user: User;
  status: FriendStatus;
  online?: boolean;
  stage?: { id: number; name: string } | null;
}
