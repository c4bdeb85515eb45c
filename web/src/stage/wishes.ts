/** What somebody in a stage may ask of it. Whether it is granted, the stage decides. */

import { type Connection, Refused } from "../net/connection";
import type { ControlAction, Repeat, RequestFrame } from "../protocol";
import { Again } from "./again";

/** Between two "is typing" of mine; the others show one for about twice as long. */
const TYPING_EVERY_MS = 3_000;

/** `rev` is that of the timeline that is seen at this moment. */
export function createWishes(connection: Connection, stage: number, rev: () => number | undefined) {
  const ask = <R extends RequestFrame>(frame: R) => connection.request(frame);
  const again = new Again(connection);
  const queue = { type: "queue", stage } as const;
  let typedMs = Number.NEGATIVE_INFINITY;
  return {
    /** Play, pause, skip …; a second click on what has already happened is not an error to anybody. */
    async control(action: ControlAction, extra: { position_us?: number; entry?: number } = {}): Promise<void> {
      const expect_rev = rev();
      try {
        await again.ask({ type: "control", stage, action, ...extra, ...(expect_rev === undefined ? {} : { expect_rev }) });
      } catch (error) {
        if (!(error instanceof Refused && error.code === "conflict")) throw error;
      }
    },
    /** One is in the stage again. */
    back: () => again.back(),
    voteSkip: () => ask({ type: "skip_vote", stage }),

    add: (song: number, position?: number) =>
      again.ask({ ...queue, action: "add", song, ...(position === undefined ? {} : { position }) }),
    addPlaylist: (playlist: number) => again.ask({ ...queue, action: "add", playlist }),
    suggest: (song: number) => again.ask({ ...queue, action: "suggest", song }),
    accept: (entry: number) => again.ask({ ...queue, action: "accept", entry }),
    decline: (entry: number) => again.ask({ ...queue, action: "decline", entry }),
    drop: (entry: number) => again.ask({ ...queue, action: "remove", entry }),
    move: (entry: number, position: number) => again.ask({ ...queue, action: "move", entry, position }),
    clear: () => again.ask({ ...queue, action: "clear" }),
    shuffleNow: () => again.ask({ ...queue, action: "shuffle" }),
    repeat: (repeat: Repeat) => again.ask({ ...queue, action: "mode", repeat }),
    shuffle: (shuffle: boolean) => again.ask({ ...queue, action: "mode", shuffle }),
    vote: (entry: number) => again.ask({ ...queue, action: "vote", entry }),

    edit: (seq: number, text: string) => ask({ type: "edit_chat", stage, seq, text }),
    erase: (seq: number) => ask({ type: "delete_chat", stage, seq }),
    react: (emoji: string) => connection.tell({ type: "react", stage, emoji }),
    /** Whether this device steers without sound. */
    tellDevice: (remote: boolean) => connection.tell({ type: "device", stage, remote }),
    typing(): void {
      const now = performance.now();
      if (now - typedMs < TYPING_EVERY_MS) return;
      typedMs = now;
      connection.tell({ type: "typing", stage });
    },
    /** What was typed is said: the next letter tells of a new line. */
    typed(): void {
      typedMs = Number.NEGATIVE_INFINITY;
    },
  };
}
