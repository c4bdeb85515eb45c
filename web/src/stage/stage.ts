/**
 * A stage that this page is in: a seat, what is known of the stage, its sound, and wishes. Lives above the screens, so that
 * the music goes on while one looks elsewhere.
 */

import { batch, createSignal } from "solid-js";
import type { Connection, Refused } from "../net/connection";
import type { ServerFrame, User, You } from "../protocol";
import { positionAt } from "../sync";
import { createBursts } from "./bursts";
import { unsent } from "./kept";
import { Outgoing, type OutgoingLine } from "./outgoing";
import { Seat } from "./seat";
import { type Sound, soundOf } from "./sound";
import type { StageState } from "./state";
import { isStageFrame, View } from "./view";
import { createWishes } from "./wishes";

/** How a stay ended that one did not end oneself. */
export interface Ending {
  stage: number;
  /** What was known of the stage, if one had been in it. */
  seen: StageState["stage"] | null;
  why: "kicked" | "banned" | "stage_ended" | "refused";
  refusal: Refused | null;
}

export interface StageEvents {
  /** The seat is gone and nothing sounds any more. */
  ended(ending: Ending): void;
  /** Somebody changed what I am or may do here. */
  empowered(before: You, now: You): void;
}

export interface StageOptions {
  stage: number;
  me: User;
  invite: string | undefined;
  /** This device steers without sound. */
  isRemote?: () => boolean;
  on: StageEvents;
}

export type Stage = ReturnType<typeof createStage>;

export function createStage(
  connection: Connection,
  { stage, me, invite, isRemote, on }: StageOptions,
  sound: Sound = soundOf(connection, stage),
) {
  /** Why one is not in it at this moment; it is tried again. */
  const [refusal, setRefusal] = createSignal<Refused | null>(null);
  const { bursts, show: burst } = createBursts();
  const outgoing = outgoingTo(connection, stage, me);
  const view = new View(stage, me.id, (now, before) => {
    tell(sound, now, before);
    if (now.chats !== before?.chats) outgoing.seen(now.chats, me.id);
    if (before && now.you !== before.you) on.empowered(before.you, now.you);
    if (now.gap) void seat.take();
    if (now.gone) end(now.gone, null);
  });
  const { state } = view;
  const seat: Seat = seatFor(connection, { stage, invite, isRemote }, view, {
    joined(): void {
      setRefusal(null);
      outgoing.resend();
      wishes.back();
    },
    delayed: setRefusal,
    refused: (why) => end("refused", why),
  });
  const wishes = createWishes(connection, stage, () => state()?.timeline.rev);

  let over = false;
  function quit(): void {
    over = true;
    for (const stop of stops) stop();
    sound.stop();
  }
  function leave(): void {
    seat.leave();
    quit();
  }
  function end(why: Ending["why"], refused: Refused | null): void {
    if (over) return;
    seat.gone();
    quit();
    on.ended({ stage, seen: state()?.stage ?? null, why, refusal: refused });
  }

  const stops = [
    connection.onFrame((frame) => hear(frame, stage, view, burst)),
    connection.onState((now) => {
      if (now === "open") void seat.take();
      else outgoing.interrupted();
    }),
  ];
  if (connection.state === "open") void seat.take();

  return {
    ...wishes,
    id: stage,
    me,
    invite,
    state,
    refusal,
    bursts,
    sync: sound.sync,
    engine: sound,
    pending: outgoing.lines,
    arrival: (line: OutgoingLine) => outgoing.arrival(line),
    /** Where the song is, in microseconds. */
    positionUs: () => positionOf(state(), sound, connection),
    leave,
    /** Says which entries of the queue are seen; those that are not known yet are fetched. */
    showQueue: (from: number, to: number) => view.showQueue(from, to),
    olderChats: () => view.loadOlderChats(),
    forgetEarlyChats: () => view.forgetEarlyChats(),
    say(text: string, replyTo: number | null): void {
      wishes.typed();
      outgoing.say(text, replyTo);
    },
    sayAgain: (nonce: string) => outgoing.again(nonce),
    forget: (nonce: string) => outgoing.forget(nonce),
  };
}

interface SeatEvents {
  joined(): void;
  delayed(why: Refused): void;
  refused(why: Refused): void;
}

/** A seat that goes on where the view stands, and tells it what was missed. */
function seatFor(
  connection: Connection,
  { stage, invite, isRemote }: Pick<StageOptions, "stage" | "invite" | "isRemote">,
  view: View,
  on: SeatEvents,
): Seat {
  return new Seat(
    connection,
    stage,
    invite,
    {
      ...on,
      position() {
        const known = view.state();
        return known && { epoch: known.epoch, seq: known.seq };
      },
      joined: (frame) =>
        batch(() => {
          view.joined(frame);
          on.joined();
        }),
    },
    isRemote,
  );
}

/**
 * By the sound where it knows; by the timeline alone before it does, and while what is stated lies ahead: its title is
 * shown already, when what sounds is still the song before.
 */
function positionOf(state: StageState | null, sound: Sound, connection: Connection): number {
  const { offsetMs, positionUs } = sound.sync();
  const server = connection.roughServerUs();
  const stated = state !== null && (offsetMs === null || server < state.timeline.at_us);
  return stated ? positionAt(state.timeline, server) : positionUs();
}

function hear(frame: ServerFrame, stage: number, view: View, burst: (emoji: string, from: User) => void): void {
  if (!("stage" in frame) || frame.stage !== stage || !isStageFrame(frame)) return;
  if (frame.type === "reaction") burst(frame.emoji, frame.from);
  else view.hear(frame);
}

/** What the sound has to know of a change. */
function tell(sound: Sound, now: StageState, before: StageState | null): void {
  if (now.timeline !== before?.timeline) sound.setTimeline(now.timeline);
  if (now.queue !== before?.queue || now.timeline !== before?.timeline) sound.setQueue(now.queue);
}

function outgoingTo(connection: Connection, stage: number, me: User): Outgoing {
  const send = ({ text, nonce, replyTo }: OutgoingLine) =>
    connection.request({ type: "chat", stage, text, nonce, ...(replyTo === null ? {} : { reply_to: replyTo }) });
  return new Outgoing(send, undefined, unsent(stage, me.id));
}
