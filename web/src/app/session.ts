/** Who is signed in, and the one connection and the one stage that this page has. */

import { createSignal } from "solid-js";
import { ApiError, get, post } from "../api/client";
import type { Me } from "../api/model";
import type { PersonalFrame } from "../protocol";
import { pageConnection } from "../socket/connection";
import { createRoom, type Room } from "../stage/room";
import { text } from "../text";
import { toast } from "./notices";

const connection = pageConnection();
const [me, setMe] = createSignal<Me | null | undefined>(undefined);
const [lost, setLost] = createSignal(false);
const [room, setRoom] = createSignal<Room | null>(null);
const [friendsChanged, setFriendsChanged] = createSignal(0);

/**
 * `me` is undefined until known, null without a sign-in; `lost` from the end of a connection until the next one stands;
 * `friendsChanged` counts news about friends.
 */
export { friendsChanged, lost, me, room, setMe };

connection.onState((state) => {
  if (state !== "connecting") setLost(state === "waiting");
  if (state === "signed-out") {
    setMe(null);
    leaveRoom();
    toast(text.connection.signedOut);
  }
});

connection.onFrame((frame) => {
  switch (frame.type) {
    case "friend_request":
    case "friend_accepted":
    case "friend_presence":
    case "invite":
    case "notification":
      hearPersonal(frame);
  }
});

function hearPersonal(frame: PersonalFrame): void {
  setFriendsChanged((n) => n + 1);
  if (frame.type === "friend_request") {
    toast(text.friends.requestFrom(frame.user.username), { action: { label: text.nav.friends, href: "/friends" } });
  } else if (frame.type === "friend_accepted") {
    toast(text.friends.acceptedBy(frame.user.username));
  } else if (frame.type === "invite") {
    const href = `/s/${frame.stage}?invite=${encodeURIComponent(frame.code)}`;
    toast(text.friends.invited(frame.from.username, frame.name), { action: { label: text.friends.join, href } });
  }
}

/** Finds out who is signed in; without an answer (offline) it is asked again when the network is back. */
export async function restore(): Promise<void> {
  try {
    entered(await get<Me>("/me"));
  } catch (error) {
    if (error instanceof ApiError && error.status === 401) setMe(null);
    else {
      setMe(null);
      addEventListener("online", () => void restore(), { once: true });
    }
  }
}

function entered(user: Me): void {
  setMe(user);
  connection.connect();
}

export async function signIn(login: string, password: string): Promise<void> {
  await post("/auth/login", { login, password });
  entered(await get<Me>("/me"));
}

export async function register(username: string, email: string, password: string): Promise<void> {
  await post("/auth/register", { username, email, password });
  entered(await get<Me>("/me"));
}

export async function signOut(): Promise<void> {
  await post("/auth/logout");
  leaveRoom();
  connection.disconnect();
  setMe(null);
}

/** Goes to a stage, leaving another one; the same stage again is kept as it is. */
export function enterRoom(stage: number, invite: string | undefined): void {
  const user = me();
  const current = room();
  if (!user || (current?.id === stage && !current.state()?.gone)) return;
  current?.leave();
  const next = createRoom(connection, stage, user, invite);
  setRoom(next);
}

export function leaveRoom(): void {
  room()?.leave();
  setRoom(null);
}
