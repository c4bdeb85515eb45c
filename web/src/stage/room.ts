/**
 * A stage that this page is in: joins and re-joins, keeps the state, tells the sound engine, and carries wishes to the
 * server. Lives above the screens, so that the music goes on while one looks elsewhere.
 */

import { batch, createSignal } from "solid-js";
import { get } from "../api/client";
import type { ChatLine, ControlAction, Queue, Repeat, RequestFrame, ServerFrame, StageFrame, User } from "../protocol";
import { type Connection, Refused } from "../socket/connection";
import { createEngine, positionAt, type SyncEngine, type SyncStatus } from "../sync";
import { unsent } from "./kept";
import { Outgoing, type OutgoingLine } from "./outgoing";
import { QueuePages } from "./pages";
import { joined, reduce, type StageState, withHistory, withoutEarly, withQueue } from "./state";

export type RoomPhase = "joining" | "in" | "refused";

export interface Burst {
  id: number;
  emoji: string;
  from: User;
}

/** Between two "is typing" of mine; the others show one for about twice as long. */
const TYPING_EVERY_MS = 3_000;
const HISTORY_PAGE = 50;
/** Beyond `most` lines the page forgets the earliest; the server tells them again to who reads back. */
const CHATS_HELD = { most: 1_500, kept: 1_000 } as const;
/** How long a reaction floats. */
const BURST_MS = 2_400;

export type Room = ReturnType<typeof createRoom>;

export function createRoom(connection: Connection, stageId: number, me: User, invite: string | undefined) {
  const [state, setState] = createSignal<StageState | null>(null);
  const [phase, setPhase] = createSignal<RoomPhase>("joining");
  const [refusal, setRefusal] = createSignal<Refused | null>(null);
  const [bursts, setBursts] = createSignal<readonly Burst[]>([]);
  const send = ({ text, nonce, replyTo }: OutgoingLine) =>
    connection.request({ type: "chat", stage: stageId, text, nonce, ...(replyTo === null ? {} : { reply_to: replyTo }) });
  const outgoing = new Outgoing(send, undefined, unsent(stageId, me.id));
  const engine = startEngine(connection, stageId);
  const pages = new QueuePages(
    (window) => get<Queue>(`/stages/${stageId}/queue`, window),
    state,
    (page) => {
      const now = state();
      if (now && !ended) update(withQueue(now, page));
    },
  );
  const [sync, setSync] = createSignal<SyncStatus>(engine.status(), { equals: false });
  let joining = false;
  let ended = false;
  let typedMs = Number.NEGATIVE_INFINITY;
  let lastBurst = 0;

  async function join(): Promise<void> {
    if (joining || ended) return;
    joining = true;
    const before = state();
    const resume = before && { epoch: before.epoch, seq: before.seq };
    try {
      const frame = await connection.request({
        type: "join",
        stage: stageId,
        ...(resume ? { resume } : {}),
        ...(invite ? { invite } : {}),
      });
      // Each frame is a task of its own, so this runs before the first event that follows the answer.
      batch(() => {
        update(joined(frame, state()));
        setPhase("in");
        setRefusal(null);
      });
      outgoing.resend();
    } catch (error) {
      if (error instanceof Refused) {
        batch(() => {
          setRefusal(error);
          setPhase("refused");
        });
        if (error.retryAfterMs !== null) setTimeout(join, error.retryAfterMs);
      }
    } finally {
      joining = false;
    }
  }

  function update(next: StageState): void {
    const before = state();
    setState(next);
    if (next.timeline !== before?.timeline) engine.setTimeline(next.timeline);
    if (next.queue !== before?.queue) engine.expect(next.queue.items.find((item) => item !== null)?.song ?? null);
    if (next.chats !== before?.chats) outgoing.seen(next.chats, me.id);
    if (next.queue !== before?.queue || next.queueBehind !== before?.queueBehind) void pages.fetch();
    if (next.gap) void join();
    if (next.gone) leave();
  }

  function hear(frame: ServerFrame): void {
    const before = state();
    if (!before || !("stage" in frame) || frame.stage !== stageId || !isStageFrame(frame)) return;
    if (frame.type === "reaction") return burst(frame.emoji, frame.from);
    update(reduce(before, frame, me.id));
  }

  function burst(emoji: string, from: User): void {
    const id = ++lastBurst;
    setBursts((all) => [...all.slice(-11), { id, emoji, from }]);
    setTimeout(() => setBursts((all) => all.filter((b) => b.id !== id)), BURST_MS);
  }

  async function olderChats(): Promise<void> {
    const before = state();
    if (!before || before.chatsComplete) return;
    const query = { before: before.chats[0]?.seq, limit: HISTORY_PAGE };
    const page = await get<{ items: ChatLine[] }>(`/stages/${stageId}/chats`, query);
    const now = state();
    if (now) setState(withHistory(now, page.items));
  }

  const ask = <R extends RequestFrame>(frame: R) => connection.request(frame);

  /** Play, pause, skip …; a second click on what has already happened is not an error to anybody. */
  async function control(action: ControlAction, extra: { position_us?: number; entry?: number } = {}): Promise<void> {
    const rev = state()?.timeline.rev;
    try {
      await ask({ type: "control", stage: stageId, action, ...extra, ...(rev === undefined ? {} : { expect_rev: rev }) });
    } catch (error) {
      if (!(error instanceof Refused && error.code === "conflict")) throw error;
    }
  }

  function typing(): void {
    const now = performance.now();
    if (now - typedMs < TYPING_EVERY_MS) return;
    typedMs = now;
    connection.tell({ type: "typing", stage: stageId });
  }

  function leave(): void {
    if (ended) return;
    ended = true;
    for (const stop of stops) stop();
    engine.destroy();
    connection.request({ type: "leave", stage: stageId }).catch(() => {});
  }

  const stops = [
    connection.onFrame(hear),
    connection.onState((now) => {
      if (now === "open") void join();
      else outgoing.interrupted();
    }),
    engine.onStatus(setSync),
  ];
  if (connection.state === "open") void join();

  const queue = { type: "queue", stage: stageId } as const;
  return {
    id: stageId,
    me,
    state,
    phase,
    refusal,
    bursts,
    sync,
    engine,
    pending: outgoing.lines,
    /** Where the song is, in microseconds. */
    positionUs(): number {
      const timeline = state()?.timeline;
      const { offsetMs, positionUs } = sync();
      return offsetMs === null && timeline ? positionAt(timeline, connection.roughServerUs()) : positionUs();
    },
    /** Says which entries of the queue are seen; those that are not known yet are fetched. */
    showQueue: (from: number, to: number) => pages.show(from, to),
    retryJoin: join,
    leave,
    olderChats,
    forgetEarlyChats(): void {
      const now = state();
      if (now && now.chats.length > CHATS_HELD.most) setState(withoutEarly(now, CHATS_HELD.kept));
    },
    typing,
    control,
    say(text: string, replyTo: number | null): void {
      typedMs = Number.NEGATIVE_INFINITY;
      outgoing.say(text, replyTo);
    },
    sayAgain: (nonce: string) => outgoing.again(nonce),
    forget: (nonce: string) => outgoing.forget(nonce),
    edit: (seq: number, text: string) => ask({ type: "edit_chat", stage: stageId, seq, text }),
    erase: (seq: number) => ask({ type: "delete_chat", stage: stageId, seq }),
    react(emoji: string): void {
      connection.tell({ type: "react", stage: stageId, emoji });
    },
    add: (song: number, position?: number) =>
      ask({ ...queue, action: "add", song, ...(position === undefined ? {} : { position }) }),
    addPlaylist: (playlist: number) => ask({ ...queue, action: "add", playlist }),
    drop: (entry: number) => ask({ ...queue, action: "remove", entry }),
    move: (entry: number, position: number) => ask({ ...queue, action: "move", entry, position }),
    clear: () => ask({ ...queue, action: "clear" }),
    shuffleNow: () => ask({ ...queue, action: "shuffle" }),
    repeat: (repeat: Repeat) => ask({ ...queue, action: "mode", repeat }),
    shuffle: (shuffle: boolean) => ask({ ...queue, action: "mode", shuffle }),
    vote: (entry: number) => ask({ ...queue, action: "vote", entry }),
    voteSkip: () => ask({ type: "skip_vote", stage: stageId }),
  };
}

function startEngine(connection: Connection, stageId: number): SyncEngine {
  return createEngine({
    stageId,
    async ping() {
      const t0 = performance.now();
      const pong = await connection.request({ type: "ping", t0 });
      return { t0, t1_us: pong.t1_us, t2_us: pong.t2_us, t3: performance.now() };
    },
    report: (frame) => connection.tell(frame),
  });
}

const STAGE_FRAMES: ReadonlySet<string> = new Set<StageFrame["type"]>([
  "chat",
  "chat_edited",
  "chat_deleted",
  "timeline",
  "queue",
  "stage_updated",
  "role",
  "removed",
  "presence",
  "reaction",
  "typing",
  "skip_votes",
  "sync_quality",
]);

function isStageFrame(frame: ServerFrame): frame is StageFrame {
  return STAGE_FRAMES.has(frame.type);
}
