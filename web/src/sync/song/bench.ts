/** Where songs are fetched, taken apart, decoded and resampled: all that would hold up the page. Runs in a worker. */

import { Downloads, type Fetch, RemoteFile } from "./downloads";
import { faultOf } from "./fault";
import type { Point } from "./frames";
import type { FromBench, Level, Stretch, ToBench } from "./messages";
import { type DecodeFile, openSource } from "./open";
import { Resampler } from "./resample";
import type { PcmSource } from "./track";

type Post = (message: FromBench, transfer: Transferable[]) => void;

interface Song {
  readonly id: number;
  readonly file: RemoteFile;
  /** Of the context. */
  readonly rate: number;
  readonly ended: AbortController;
  level: Level;
  opened: boolean;
  source?: PcmSource;
  resampler?: Resampler;
  /** Whether anything of it could be decoded. */
  sounded: boolean;
}

type Opened = Required<Pick<Song, "source" | "resampler" | "file" | "rate">>;

/** What it takes to decode a short piece, and the most that one is put off for a slow line, in seconds. */
const DECODE_S = 0.1;
const LATE_MAX_S = 20;
/** Bytes at hand are enough for a stretch if so many more are: places are estimates. */
const SPARE = 16 * 1024;

export class Bench {
  private readonly downloads: Downloads;
  private readonly songs = new Map<number, Song>();
  private readonly asks = new Map<number, AbortController>();
  private readonly decoding = new Map<number, (channels: Float32Array<ArrayBuffer>[] | null) => void>();
  private decodes = 0;

  constructor(
    private readonly post: Post,
    private readonly fetch: Fetch,
  ) {
    this.downloads = new Downloads(fetch);
  }

  hear(message: ToBench): void {
    switch (message.do) {
      case "open":
        return void this.open(message);
      case "order":
        return this.order(message.songs);
      case "piece":
        return void this.asked(message, (song, signal) => this.piece(song, message, signal));
      case "bytes":
        return void this.asked(message, (song, signal) => this.bytes(song, message.ask, signal));
      case "forget":
        return this.asks.get(message.ask)?.abort();
      case "close":
        this.songs.get(message.id)?.ended.abort();
        this.songs.delete(message.id);
        return;
      case "decoded":
        this.decoding.get(message.ask)?.(message.channels);
        this.decoding.delete(message.ask);
    }
  }

  private async open({ id, url, placesUrl, durationUs, rate }: Extract<ToBench, { do: "open" }>): Promise<void> {
    const file = new RemoteFile(this.downloads, url);
    const song: Song = { id, file, rate, ended: new AbortController(), level: "head", opened: false, sounded: false };
    this.songs.set(id, song);
    try {
      await song.file.open(song.ended.signal);
      const source = await openSource(
        song.file,
        { durationUs, places: () => this.places(placesUrl, song.ended.signal) },
        this.decodeFile,
      );
      const resampler = source && Resampler.between(source.sampleRate, rate);
      if (source && resampler) Object.assign(song, { source, resampler });
      song.opened = true;
      this.post({ tell: "opened", id, frames: source && resampler ? resampler.length(source.frames) : null }, []);
      this.startAhead(song);
    } catch (error) {
      this.failed(song, error);
    }
  }

  private async places(url: string, signal: AbortSignal): Promise<Point[]> {
    const response = await this.fetch(url, { headers: {}, signal });
    if (!response.ok) return [];
    const { every, offsets } = (await response.json()) as { every: number; offsets: number[] };
    return offsets.map((offset, i) => ({ index: i * every, offset }));
  }

  private order(wanted: Extract<ToBench, { do: "order" }>["songs"]): void {
    const songs = wanted.flatMap(({ id, level }) => {
      const song = this.songs.get(id);
      if (song) song.level = level;
      return song ?? [];
    });
    for (const { file, level } of songs) file.readsAhead = level !== "head";
    this.downloads.order(songs.map(({ file }) => file));
    for (const song of songs) this.startAhead(song);
  }

  /** What is to sound says by its first piece from where on. */
  private startAhead({ file, level, opened, source }: Song): void {
    if (level === "bytes" && opened) file.startAhead(source?.place(0) ?? 0);
  }

  /** Carries out what was asked for, until it is forgotten or its song is closed. */
  private async asked(
    { id, ask }: { id: number; ask: number },
    act: (song: Song, signal: AbortSignal) => Promise<void>,
  ): Promise<void> {
    const song = this.songs.get(id);
    if (!song) return;
    const abort = new AbortController();
    const end = () => abort.abort();
    song.ended.signal.addEventListener("abort", end);
    this.asks.set(ask, abort);
    try {
      await act(song, abort.signal);
    } catch (error) {
      if (!abort.signal.aborted) this.failed(song, error);
    } finally {
      song.ended.signal.removeEventListener("abort", end);
      this.asks.delete(ask);
    }
  }

  private async piece(song: Song, { ask, ...stretch }: Extract<ToBench, { do: "piece" }>, signal: AbortSignal): Promise<void> {
    const { source, resampler, file, rate } = song;
    if (!source || !resampler) return;
    const { start, length } = this.fitted(stretch, { source, resampler, file, rate });
    this.post({ tell: "fitted", ask, start, end: start + length }, []);
    const from = resampler.sourceOf(start) - resampler.reach;
    const end = resampler.sourceOf(start + length) + resampler.reach + 2;
    file.follow(source.place(from));
    const raw = await source.read(from, end - from, signal).catch((error: unknown) => {
      // Damage within a song leaves silence; the song goes on after it.
      if (!song.sounded || signal.aborted || file.fault) throw error;
      return Array.from({ length: source.channels }, () => new Float32Array(end - from));
    });
    if (signal.aborted) return;
    song.sounded = true;
    const channels = raw.map((samples) => {
      const out = new Float32Array(length);
      resampler.run(samples, start, out);
      return out;
    });
    this.post(
      { tell: "piece", ask, start, channels },
      channels.map((c) => c.buffer),
    );
  }

  /** Which frames of a stretch: as many as may be where bytes are at hand, and no more than must be where they are not. */
  private fitted({ start, least, most, room, soundsIn }: Stretch, { source, resampler, file, rate }: Opened) {
    const place = (frame: number) => source.place(resampler.sourceOf(frame));
    const here = (length: number) => file.has(place(start), place(start + length) + SPARE);
    let length = most;
    while (length > least && !here(length)) length = Math.max(least, length >> 1);
    if (soundsIn === null || here(length)) return { start, length };
    const seconds = (place(start + least) - place(start)) / this.downloads.speed + DECODE_S;
    const late = Math.floor(Math.min(seconds, LATE_MAX_S) * rate - soundsIn);
    return { start: start + Math.max(0, Math.min(late, room - least)), length };
  }

  private async bytes(song: Song, ask: number, signal: AbortSignal): Promise<void> {
    song.file.follow(0);
    const bytes = await song.file.read(0, song.file.size, signal);
    if (!signal.aborted) this.post({ tell: "bytes", ask, bytes }, [bytes.buffer]);
  }

  /** What can't be decoded in pieces may be as a whole; the page tries that once. */
  private failed(song: Song, error: unknown): void {
    if (song.ended.signal.aborted) return;
    const { why, message } = faultOf(error);
    if (why === "undecodable" && song.source && !song.sounded) {
      song.source = undefined;
      return this.post({ tell: "opened", id: song.id, frames: null }, []);
    }
    this.post({ tell: "failed", id: song.id, why, detail: message }, []);
  }

  private readonly decodeFile: DecodeFile = (bytes, rate, channels) => {
    const ask = ++this.decodes;
    return new Promise((done, fail) => {
      this.decoding.set(ask, (samples) => (samples ? done(samples) : fail(new Error("the browser can't decode it"))));
      this.post({ tell: "decode", ask, bytes, rate, channels }, [bytes.buffer]);
    });
  };
}
