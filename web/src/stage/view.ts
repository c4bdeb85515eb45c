/** What this page knows of a stage: what it was told at the join, changed by every event since. */

import { type Accessor, createSignal } from "solid-js";
import { api, told } from "../net/client";
import type { JoinedFrame, ServerFrame, StageFrame } from "../protocol";
import { QueuePages } from "./pages";
import { joined, reduce, type StageState, withHistory, withoutEarly, withQueue } from "./state";

const HISTORY_PAGE = 50;
/** Beyond `most` lines the page forgets the earliest; the server tells them again to who reads back. */
const CHATS_HELD = { most: 1_500, kept: 1_000 } as const;

export type Changed = (now: StageState, before: StageState | null) => void;

export class View {
  readonly state: Accessor<StageState | null>;
  readonly #set: (state: StageState) => void;
  readonly #pages: QueuePages;

  constructor(
    private readonly stage: number,
    private readonly me: number,
    private readonly changed: Changed,
  ) {
    const [state, setState] = createSignal<StageState | null>(null);
    this.state = state;
    this.#set = setState;
    this.#pages = new QueuePages(
      (window) => told(api.GET("/api/v1/stages/{id}/queue", { params: { path: { id: stage }, query: window } })),
      state,
      (page) => {
        const now = state();
        if (now) this.#update(withQueue(now, page));
      },
    );
  }

  joined(frame: JoinedFrame): void {
    this.#update(joined(frame, this.state()));
  }

  hear(frame: StageFrame): void {
    const before = this.state();
    if (before) this.#update(reduce(before, frame, this.me));
  }

  showQueue(from: number, to: number): void {
    this.#pages.show(from, to);
  }

  async loadOlderChats(): Promise<void> {
    const before = this.state();
    if (!before || before.chatsComplete) return;
    const query = { before: before.chats[0]?.seq, limit: HISTORY_PAGE };
    const page = await told(api.GET("/api/v1/stages/{id}/chats", { params: { path: { id: this.stage }, query } }));
    const now = this.state();
    if (now) this.#set(withHistory(now, page.items));
  }

  forgetEarlyChats(): void {
    const now = this.state();
    if (now && now.chats.length > CHATS_HELD.most) this.#set(withoutEarly(now, CHATS_HELD.kept));
  }

  #update(next: StageState): void {
    const before = this.state();
    this.#set(next);
    this.changed(next, before);
    if (next.queue !== before?.queue || next.queueBehind !== before?.queueBehind) void this.#pages.fetch();
  }
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
  "suggestions",
  "sync_quality",
]);

export function isStageFrame(frame: ServerFrame): frame is StageFrame {
  return STAGE_FRAMES.has(frame.type);
}
