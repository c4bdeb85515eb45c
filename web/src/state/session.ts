/** Who is signed in, and the one connection and the one stage that this page has. */

import { batch, createSignal } from "solid-js";
import { text } from "../i18n/en";
import { jittered } from "../net/backoff";
import { api, type Me, type Server, told } from "../net/client";
import { pageConnection } from "../net/connection";
import type { Permission, PersonalFrame, You } from "../protocol";
import { path } from "../routes";
import { createStage, type Ending, type Stage, type StageEvents } from "../stage/stage";
import { explainEnding } from "./endings";
import { toast } from "./notices";
import { preferences } from "./preferences";
import { askUnread, setUnread } from "./unread";
import { createWatching } from "./watching";

const connection = pageConnection();
/** Tells what is said of a song or an album, until it is called to stop. */
export const watchComments = createWatching(connection);
const [me, setMe] = createSignal<Me | null | undefined>(undefined);
const [server, setServer] = createSignal<Server | null>(null);
const [lost, setLost] = createSignal(false);
const [unreachable, setUnreachable] = createSignal(false);
const [stage, setStage] = createSignal<Stage | null>(null);
const [ending, setEnding] = createSignal<Ending | null>(null);
const [friendsChanged, setFriendsChanged] = createSignal(0);

/**
 * `me` is undefined until known, null without a sign-in; `server` is what it says of itself; `unreachable` while nobody answers who that is; `lost` from the
 * end of a connection until the next one stands; `ending` is how the last stay on a stage ended, if others ended it;
 * `friendsChanged` counts news about friends.
 */
export { ending, friendsChanged, lost, me, server, setMe, stage, unreachable };

connection.onState((state) => {
  if (state === "open" && lost()) catchUp();
  if (state !== "connecting") setLost(state === "waiting");
  if (state === "signed-out") {
    setMe(null);
    closeStage();
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
    case "notifications_read":
      hearPersonal(frame);
  }
});

/** Events about oneself are told once: what came while the line was broken is asked for. */
function catchUp(): void {
  if (me()?.guest) return;
  void askUnread();
  setFriendsChanged((n) => n + 1);
}

/** What has an event of its own is told by that. */
const TOLD_OTHERWISE = new Set(["friend_request", "friend_accepted", "invite"]);

function hearPersonal(frame: PersonalFrame): void {
  if (frame.type === "notification" || frame.type === "notifications_read") {
    setUnread(frame.unread);
    if (frame.type === "notification" && !TOLD_OTHERWISE.has(frame.kind))
      toast(text.notifications.kinds[frame.kind](frame.from.username, frame.about), {
        action: { label: text.notifications.title, href: "/notifications" },
      });
    return;
  }
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

/** Between two questions who is signed in, at most, while the server can't say. */
const ASK_AGAIN_MS = 4_000;

/** Finds out who is signed in, and where. That the server can't say at this moment does not mean nobody. */
export async function restore(): Promise<void> {
  try {
    const found = await told(api.GET("/api/v1/server"));
    batch(() => {
      setUnreachable(false);
      setServer(found);
      if (found.user) entered(found.user);
      else setMe(null);
    });
  } catch {
    setUnreachable(true);
    askAgain();
  }
}

function askAgain(): void {
  const again = () => {
    clearTimeout(timer);
    removeEventListener("online", again);
    void restore();
  };
  const timer = setTimeout(again, ASK_AGAIN_MS / 2 + jittered(ASK_AGAIN_MS / 2));
  addEventListener("online", again);
}

function entered(user: Me): void {
  if (!user.guest) preferences.setKnown(true);
  setMe(user);
  connection.connect();
  catchUp();
}

/** Another login takes the place of this one, if there is one. */
export async function enterAnew<T extends { user: Me }>(work: () => Promise<T>): Promise<T> {
  connection.disconnect();
  try {
    const done = await work();
    closeStage();
    entered(done.user);
    return done;
  } catch (failure) {
    if (me()) connection.connect();
    throw failure;
  }
}

export async function signIn(login: string, password: string): Promise<void> {
  entered((await told(api.POST("/api/v1/auth/login", { body: { login, password } }))).user);
}

export interface NewAccount {
  username: string;
  email: string;
  password: string;
  /** Lets in where accounts are for the invited. */
  invite: string | undefined;
}

export async function register(account: NewAccount): Promise<void> {
  entered((await told(api.POST("/api/v1/auth/register", { body: account }))).user);
}

export async function signOut(): Promise<void> {
  await api.POST("/api/v1/auth/logout");
  closeStage();
  connection.disconnect();
  setMe(null);
}

/** The account is no more, and so is every sign-in to it. */
export function accountEnded(): void {
  closeStage();
  connection.disconnect();
  setMe(null);
}

/** Goes to a stage, leaving another one; a stay in the same stage goes on, and a new invitation to it is tried. */
export function enterStage(id: number, invite: string | undefined): void {
  const user = me();
  const current = stage();
  if (!user) return;
  if (current?.id === id && (current.state() || !invite || current.invite === invite)) return;
  current?.leave();
  batch(() => {
    setEnding(null);
    setStage(
      createStage(connection, {
        stage: id,
        me: { ...user, avatar_url: user.avatar_url ?? null },
        invite,
        isRemote: preferences.remote,
        on: EVENTS,
      }),
    );
  });
}

/** Leaves by one's own wish, and says so. */
export function leaveStage(): void {
  const left = stage();
  const name = left?.state()?.stage.name;
  closeStage();
  if (left && name) toast(text.ended.left(name), { action: { label: text.ended.comeBack, href: `/s/${left.id}` } });
}

function closeStage(): void {
  stage()?.leave();
  batch(() => {
    setStage(null);
    setEnding(null);
  });
}

const EVENTS: StageEvents = {
  ended(how) {
    batch(() => {
      setStage(null);
      setEnding(how);
    });
    // On the stage's own page it stands in its place.
    if (path() !== `/s/${how.stage}`) toast(explainEnding(how, me()?.id));
  },
  empowered(before, now) {
    const words = wordsFor(before, now);
    if (words) toast(words);
  },
};

/** What to tell somebody whose role or rights on a stage have changed. */
function wordsFor(before: You, now: You): string | null {
  const { appointed, mayPlay, mayNotPlay, mayAdd, mayNotAdd } = text.people;
  const gained = (what: Permission) => Number(now.can.includes(what)) - Number(before.can.includes(what));
  if (now.role !== before.role) return now.role === "dj" && !now.can.includes("control") ? appointed.djOnly : appointed[now.role];
  if (gained("control")) return gained("control") > 0 ? mayPlay : mayNotPlay;
  if (gained("queue_add")) return gained("queue_add") > 0 ? mayAdd : mayNotAdd;
  return null;
}
