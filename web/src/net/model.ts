/** What HTTP alone speaks of; shapes shared with the WebSocket stand in `../protocol`. */

import type { Micros, Song, Stage, User } from "../protocol";

export type FriendStatus = "accepted" | "incoming" | "outgoing";

export interface Person extends User {
  bio: string;
  friends_count: number;
  followers_count: number;
  following_count: number;
}

export interface Profile extends Person {
  /** The public stage this user is in at this moment. */
  stage: Stage | null;
  /** Whether I follow them. */
  followed: boolean;
  friendship: FriendStatus | null;
}

export interface Me extends Person {
  email: string;
}

/** What a server says of itself to whoever looks. */
export interface Server {
  name: string;
  version: string;
  registration: "open" | "invite" | "closed";
  /** How to sign in to the demo, where this is one. */
  demo: { username: string; password: string } | null;
  public_url: string | null;
  user: Me | null;
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
  duration_us: Micros;
}

export interface PlaylistEntry {
  entry: number;
  song: LibrarySong;
}

/** With the first 200 entries. */
export interface PlaylistDetail extends Playlist {
  items: PlaylistEntry[];
}

export interface Friend extends User {
  status: FriendStatus;
  online: boolean;
  stage: number | null;
}
