/**
 * What a client knows of a stage: a snapshot and the events after it make a state, and nothing else does.
 *
 * Everything here is pure. Parts that an event does not touch stay the same objects, so that the interface redraws
 * only what changed.
 */

import type { ChatLine, JoinedFrame, ListenerError, Participant, Queue, Snapshot, StageFrame, Timeline, You } from "../protocol";
import { changed, type KnownQueue, spread, withPage } from "./queue";
import { abilities } from "./roles";

export interface StageState extends Omit<Snapshot, "queue"> {
  queue: KnownQueue;
  epoch: number;
  /** The last sequenced event that is part of this state. */
  seq: number;
  /**
   * From an epoch into the next, after a restart: what was missed has numbers with gaps between them, up to `until`. Until
   * it is crossed, the position to come back to is that of the epoch before.
   */
  bridge: { epoch: number; until: number } | null;
  /** Events were missed; the stage must be joined again from `seq`. */
  gap: boolean;
  /** The number that the queue has by now, where it can't be derived any more and must be fetched. */
  queueBehind: number | null;
  /** Nothing was said before the oldest line here. */
  chatsComplete: boolean;
  typing: readonly { id: number; username: string }[];
  skipVotes: { entry: number; votes: number; needed: number } | null;
  gone: "kicked" | "banned" | "stage_ended" | null;
}

/** As many lines as a join brings; fewer means that there are no older ones. */
const CHATS_AT_JOIN = 50;

/** The state after a `joined`, given what was known before the connection broke (if anything). */
export function joined(frame: JoinedFrame, before: StageState | null): StageState {
  const { snapshot } = frame;
  const resumed = frame.resumed && before !== null;
  const chats = before ? mergedChats(before.chats, snapshot.chats) : null;
  return {
    ...snapshot,
    queue: before ? withPage(before.queue, snapshot.queue) : spread(snapshot.queue),
    timeline: before ? newer(before.timeline, snapshot.timeline) : snapshot.timeline,
    // What was missed follows and brings its lines in order; without resuming, the snapshot's lines are the bridge.
    chats: resumed ? before.chats : (chats ?? snapshot.chats),
    chatsComplete: chats ? (before?.chatsComplete ?? false) : snapshot.chats.length < CHATS_AT_JOIN,
    epoch: resumed ? before.epoch : frame.epoch,
    seq: resumed ? before.seq : frame.seq,
    bridge: resumed && before.epoch !== frame.epoch ? { epoch: frame.epoch, until: frame.seq } : null,
    gap: false,
    queueBehind: null,
    typing: [],
    skipVotes: null,
    gone: null,
  };
}

/** Both stretches of conversation as one, or null if something may be missing between them. */
function mergedChats(before: readonly ChatLine[], now: readonly ChatLine[]): ChatLine[] | null {
  const last = before.at(-1);
  const first = now[0];
  if (!last || !first || first.seq > last.seq) return null;
  return [...before.filter((line) => line.seq < first.seq), ...now];
}

function newer(a: Timeline, b: Timeline): Timeline {
  return a.rev > b.rev ? a : b;
}

/** The state after an event; `me` is the id of this client's user. */
export function reduce(state: StageState, frame: StageFrame, me: number): StageState {
  if (frame.stage !== state.stage.id) return state;
  // A statement of the timeline counts by its own number, even out of turn.
  if (frame.type === "timeline") {
    return { ...numbered(state, frame.seq), timeline: newer(state.timeline, timelineOf(frame)) };
  }
  if (!("seq" in frame)) return loose(state, frame);
  if (frame.seq <= state.seq) return state;
  const next = numbered(state, frame.seq);
  return next.gap ? next : sequenced(next, frame, me);
}

function numbered(state: StageState, seq: number | undefined): StageState {
  if (seq === undefined || seq <= state.seq) return state;
  const { bridge } = state;
  if (!bridge) return seq === state.seq + 1 ? { ...state, seq } : { ...state, gap: true };
  if (seq < bridge.until) return { ...state, seq };
  return seq <= bridge.until + 1 ? { ...state, seq, epoch: bridge.epoch, bridge: null } : { ...state, gap: true };
}

function timelineOf(frame: Extract<StageFrame, { type: "timeline" }>): Timeline {
  const { rev, playing, waiting, entry, song, position_us, at_us, rate, next } = frame;
  return { rev, playing, ...(waiting ? { waiting } : {}), entry, song, position_us, at_us, rate, next };
}

type Sequenced = Exclude<Extract<StageFrame, { seq: number }>, { type: "timeline" }>;

function sequenced(state: StageState, frame: Sequenced, me: number): StageState {
  switch (frame.type) {
    case "chat": {
      const { type: _type, stage: _stage, ...line } = frame;
      const typing = state.typing.filter((user) => user.id !== line.from.id);
      return { ...state, chats: [...state.chats, line], typing };
    }
    case "chat_edited":
      return withLine(state, frame.chat, (line) => ({ ...line, text: frame.text, edited_us: frame.at_us }));
    case "chat_deleted":
      return withLine(state, frame.chat, (line) => ({ ...line, text: "", deleted: true }));
    case "queue": {
      const { type: _type, stage: _stage, seq: _seq, rev, ...change } = frame;
      const queue = changed(state.queue, rev, change);
      return queue ? { ...state, queue } : { ...state, queueBehind: Math.max(rev, state.queueBehind ?? 0) };
    }
    case "stage_updated": {
      const you = { ...state.you, can: abilities(state.you.role, frame.now, state.you.guest) };
      return { ...state, stage: frame.now, you };
    }
    case "role": {
      const participants = state.participants.map((who) => (who.id === frame.user.id ? { ...who, role: frame.role } : who));
      const you: You = frame.user.id === me ? { role: frame.role, can: abilities(frame.role, state.stage) } : state.you;
      const stage = frame.role === "host" ? { ...state.stage, host: frame.user } : state.stage;
      return { ...state, participants, you, stage };
    }
    case "removed": {
      if (frame.user === undefined || frame.user === me) return { ...state, gone: frame.reason };
      return { ...state, participants: state.participants.filter((who) => who.id !== frame.user) };
    }
  }
}

type Loose = Exclude<StageFrame, Sequenced | { type: "timeline" }>;

function loose(state: StageState, frame: Loose): StageState {
  switch (frame.type) {
    case "presence":
      return { ...state, participants: present(state.participants, frame.joined, frame.left), listeners: frame.listeners };
    case "typing":
      return { ...state, typing: frame.users };
    case "skip_votes":
      return { ...state, skipVotes: { entry: frame.entry, votes: frame.votes, needed: frame.needed } };
    case "suggestions":
      return { ...state, suggestions: frame.items };
    case "sync_quality":
      return { ...state, participants: withErrors(state.participants, frame.listeners) };
    case "reaction":
      return state;
  }
}

function withErrors(before: Participant[], told: readonly ListenerError[]): Participant[] {
  const errors = new Map(told.map((who) => [who.id, who.error_us]));
  return before.map((who) => {
    const error_us = errors.get(who.id);
    return error_us === undefined ? who : { ...who, error_us };
  });
}

function present(before: Participant[], arrived: Participant[], left: number[]): Participant[] {
  const out = new Set([...left, ...arrived.map((who) => who.id)]);
  return [...before.filter((who) => !out.has(who.id)), ...arrived];
}

function withLine(state: StageState, seq: number, change: (line: ChatLine) => ChatLine): StageState {
  return { ...state, chats: state.chats.map((line) => (line.seq === seq ? change(line) : line)) };
}

/** The state with older lines above; an empty page means that the beginning is reached. */
export function withHistory(state: StageState, older: ChatLine[]): StageState {
  const first = state.chats[0]?.seq ?? Number.POSITIVE_INFINITY;
  const above = older.filter((line) => line.seq < first);
  return { ...state, chats: [...above, ...state.chats], chatsComplete: above.length === 0 };
}

/** The state with no more than the last so many lines. */
export function withoutEarly(state: StageState, kept: number): StageState {
  if (state.chats.length <= kept) return state;
  return { ...state, chats: state.chats.slice(-kept), chatsComplete: false };
}

/** The state with a part of the queue as the server told it over HTTP, unless a newer one is known by now. */
export function withQueue(state: StageState, page: Queue): StageState {
  const behind = state.queueBehind !== null && page.rev < state.queueBehind;
  return { ...state, queue: withPage(state.queue, page), queueBehind: behind ? state.queueBehind : null };
}
