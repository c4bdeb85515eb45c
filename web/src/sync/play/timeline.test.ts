import { expect, test } from "vitest";
import type { Song, Timeline } from "../../protocol";
import { type Cue, continues, cueAt, positionAt, pruned, withTimeline } from "./timeline";

const song = (id: number): Song => ({
  id,
  title: `song ${id}`,
  artist: "",
  artist_id: null,
  album: null,
  album_id: null,
  duration_us: 60e6,
  cover_url: null,
  audio_url: `/api/v1/songs/${id}/audio`,
  mime: "audio/flac",
  loudness_lufs: null,
});

const playing = (rev: number, id: number, at_us: number, more: Partial<Timeline> = {}): Timeline => ({
  rev,
  playing: true,
  entry: id,
  song: song(id),
  position_us: 0,
  at_us,
  rate: 1,
  next: null,
  ...more,
});

const shown = (cues: readonly Cue[]) =>
  cues.map((c) => `${c.at / 1e6}: ${c.playing ? `${c.entry} from ${c.position / 1e6}` : "silence"}`);

test("a song plays, and the announced one follows it", () => {
  const cues = withTimeline([], playing(1, 1, 10e6, { next: { entry: 2, song: song(2), at_us: 70e6 } }));
  expect(shown(cues)).toEqual(["10: 1 from 0", "70: 2 from 0"]);
  expect(cueAt(cues, 5e6)).toBeUndefined();
  expect(cueAt(cues, 70e6)?.entry).toBe(2);
});

test("a scheduled pause leaves the song until its instant and takes the next one back", () => {
  let cues = withTimeline([], playing(1, 1, 10e6, { next: { entry: 2, song: song(2), at_us: 70e6 } }));
  cues = withTimeline(
    cues,
    playing(2, 1, 30e6, { playing: false, position_us: 20e6, next: { entry: 2, song: song(2), at_us: null } }),
  );
  expect(shown(cues)).toEqual(["10: 1 from 0", "30: silence"]);
});

test("the server's word for the change of songs is the cue that was announced", () => {
  let cues = withTimeline([], playing(1, 1, 10e6, { next: { entry: 2, song: song(2), at_us: 70e6 } }));
  cues = withTimeline(cues, playing(2, 2, 70e6, { next: { entry: 3, song: song(3), at_us: 130e6 } }));
  expect(shown(cues)).toEqual(["10: 1 from 0", "70: 2 from 0", "130: 3 from 0"]);
});

test("a statement of the same line changes nothing but what follows", () => {
  let cues = withTimeline([], playing(1, 1, 10e6));
  cues = withTimeline(cues, playing(2, 1, 25e6, { position_us: 15e6, next: { entry: 2, song: song(2), at_us: 70e6 } }));
  expect(shown(cues)).toEqual(["10: 1 from 0", "70: 2 from 0"]);
});

test("the same statement twice is as good as once", () => {
  const t = playing(3, 1, 10e6, { next: { entry: 2, song: song(2), at_us: 70e6 } });
  expect(shown(withTimeline(withTimeline([], t), t))).toEqual(["10: 1 from 0", "70: 2 from 0"]);
});

test("two seeks in a hurry: the latest counts", () => {
  let cues = withTimeline([], playing(1, 1, 10e6));
  cues = withTimeline(cues, playing(2, 1, 20.3e6, { position_us: 40e6 }));
  cues = withTimeline(cues, playing(3, 1, 20.2e6, { position_us: 50e6 }));
  expect(shown(cues)).toEqual(["10: 1 from 0", "20.2: 1 from 50"]);
});

test("a song on repeat is a new line each time", () => {
  const [first, second] = withTimeline([], playing(1, 1, 10e6, { next: { entry: 1, song: song(1), at_us: 70e6 } }));
  expect(first && second && continues(first, second)).toBe(false);
});

test("what is over is let go, what is in force stays", () => {
  const cues = withTimeline([], playing(1, 1, 10e6, { next: { entry: 2, song: song(2), at_us: 70e6 } }));
  expect(shown(pruned(cues, 71e6))).toEqual(["70: 2 from 0"]);
  expect(shown(pruned(cues, 500e6))).toEqual(["70: 2 from 0"]);
  expect(positionAt(cues[0] as Cue, 12.5e6)).toBe(2.5e6);
});
