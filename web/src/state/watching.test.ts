import { expect, test, vi } from "vitest";
import type { Connection } from "../net/connection";
import type { ServerFrame } from "../protocol";
import { createWatching } from "./watching";

function scene() {
  const asked: object[] = [];
  const on: { frame?: (frame: ServerFrame) => void; state?: (state: string) => void } = {};
  const connection = {
    request: (frame: object) => Promise.resolve(asked.push(frame)),
    onFrame: (listener: (frame: ServerFrame) => void) => {
      on.frame = listener;
    },
    onState: (listener: (state: string) => void) => {
      on.state = listener;
    },
  } as unknown as Connection;
  const said = (song_id: number | null, album_id: number | null) =>
    on.frame?.({ type: "comment", op: "added", comments_count: 1, comment: { song_id, album_id } } as ServerFrame);
  return { asked, on, said, watch: createWatching(connection) };
}

test("a song is watched once, however many look, and no more when the last has gone", () => {
  const { asked, watch } = scene();
  const stops = [1, 2].map(() => watch({ song: 7 }, { hear: vi.fn(), back: vi.fn() }));
  expect(asked).toEqual([{ type: "watch", song: 7 }]);
  stops[0]?.();
  stops[0]?.();
  expect(asked).toHaveLength(1);
  stops[1]?.();
  expect(asked[1]).toEqual({ type: "unwatch", song: 7 });
});

test("who looks at one hears of that one, and a connection that is back is asked again", () => {
  const { asked, on, said, watch } = scene();
  const [song, album] = [
    { hear: vi.fn(), back: vi.fn() },
    { hear: vi.fn(), back: vi.fn() },
  ];
  watch({ song: 7 }, song);
  watch({ album: 7 }, album);
  said(7, null);
  said(8, null);
  said(null, 7);
  expect([song.hear.mock.calls.length, album.hear.mock.calls.length]).toEqual([1, 1]);
  on.state?.("waiting");
  on.state?.("open");
  expect(asked).toHaveLength(4);
  expect([song.back.mock.calls.length, album.back.mock.calls.length]).toEqual([1, 1]);
});
