/**
 * In the page: the web client's own sound engine on the server's socket, without the interface around it, so that the
 * rig measures the engine and can ask it for its opinion.
 */

import type { QueueItem, Snapshot, Timeline } from "../../../web/src/protocol";
import type { SyncEngine } from "../../../web/src/sync";
import type { Line } from "../../../web/src/sync/clock/line";
import { Engine } from "../../../web/src/sync/engine";
import type { Output } from "../../../web/src/sync/output/output";

interface Inner {
  readonly output: Output;
  readonly player: { sounding(): { voice: { line: Line } } | undefined; correctRun: () => void };
}

/** The player inside: what it believes, and its correction. */
const innerOf = (engine: unknown) => (engine as { speaker: { main: Inner } }).speaker.main;

/** The player's view is noted this often. */
const VIEW_MS = 25;

/** What the engine's worker runs: the page of the rig has no files of its own. */
declare const workerScript: string;

/** The time that all pages and the rig share; see `otherClock`. */
declare function realNow(): number;

type Frame = { type: string; re?: number } & Record<string, unknown>;

export function listen(stageId: number) {
  const waiting = new Map<number, { done(f: Frame): void; fail(e: unknown): void }>();
  const log: { at: number; what: string }[] = [];
  /** Each probe's four instants: `t0` and `t3` in milliseconds of the page, `t1` and `t2` in microseconds of the server. */
  const probes: [number, number, number, number][] = [];
  const note = (what: string) => log.push({ at: performance.now(), what });
  let socket: WebSocket | undefined;
  let id = 0;
  let enter: () => void = () => undefined;
  const inside = new Promise<void>((done) => (enter = done));

  const request = (frame: Record<string, unknown>) =>
    new Promise<Frame>((done, fail) => {
      if (socket?.readyState !== WebSocket.OPEN) return fail(new Error("not connected"));
      waiting.set(++id, { done, fail });
      socket.send(JSON.stringify({ ...frame, id }));
    });

  const engine = new Engine({
    stageId,
    async ping() {
      const t0 = performance.now();
      const pong = await request({ type: "ping", t0 });
      const probe = { t0, t1_us: pong.t1_us as number, t2_us: pong.t2_us as number, t3: pong.heardAt as number };
      probes.push([probe.t0, probe.t1_us, probe.t2_us, probe.t3]);
      return probe;
    },
    report: (frame) => socket?.readyState === WebSocket.OPEN && socket.send(JSON.stringify(frame)),
    worker: () => new Worker(URL.createObjectURL(new Blob([workerScript], { type: "text/javascript" }))),
  });

  const hear = (t: Timeline) => {
    note(`timeline ${t.rev} ${t.playing ? "plays" : "rests"} entry ${t.entry} from ${t.position_us}`);
    engine.setTimeline(t);
  };

  const connect = () => {
    socket = new WebSocket(`${location.origin.replace("http", "ws")}/ws`, ["octave.v1.json"]);
    socket.onmessage = ({ data }) => {
      const heardAt = performance.now();
      const frame = JSON.parse(data as string) as Frame;
      if (frame.re !== undefined) {
        const { done, fail } = waiting.get(frame.re) ?? {};
        waiting.delete(frame.re);
        if (frame.type === "error") fail?.(new Error(JSON.stringify(frame)));
        else done?.({ ...frame, heardAt });
      }
      if (frame.type === "welcome") void join();
      if (frame.type === "queue" && frame.op === "add" && frame.index === 0) engine.expect((frame.items as QueueItem[])[0]?.song ?? null);
      if (frame.type === "timeline") hear(frame as unknown as Timeline);
    };
    socket.onclose = () => {
      note("disconnected");
      for (const { fail } of waiting.values()) fail(new Error("disconnected"));
      waiting.clear();
      setTimeout(connect, 500);
    };
  };
  const join = async () => {
    const joined = await request({ type: "join", stage: stageId });
    note("joined");
    enter();
    const { timeline, queue } = joined.snapshot as Snapshot;
    engine.expect(queue.items[0]?.song ?? null);
    hear(timeline);
  };
  connect();
  const views: View[] = [];
  setInterval(() => views.push(viewOf(engine)), VIEW_MS);
  return { engine, request, log, inside, views, probes, leaveAlone: () => leaveAlone(engine) };
}

/** From now on what has started is not corrected any more: what the correction is compared with. */
function leaveAlone(engine: unknown) {
  innerOf(engine).player.correctRun = () => undefined;
}

/** What the player believed at a moment of real time (milliseconds since the Unix epoch), beside what the device told. */
function viewOf(engine: SyncEngine) {
  const s = engine.status();
  const { output, player } = innerOf(engine);
  const { bridge } = output;
  const context = (globalThis as { theContext?: AudioContext }).theContext;
  const rendered = (context?.currentTime ?? 0) * 1e3;
  const stamp = context?.getOutputTimestamp();
  const nowUs = performance.now() * 1e3;
  const heard = bridge.toContext(nowUs, nowUs) ?? 0;
  const line = player.sounding()?.voice.line;
  return {
    at: realNow(),
    page: performance.now(),
    error: s.errorMs,
    offset: s.offsetMs,
    rtt: s.rttMs,
    drift: s.driftPpm,
    scatter: s.scatterMs,
    latency: s.latencyMs,
    ...s.corrections,
    /** The newest output time stamp, `currentTime` and `outputLatency`. */
    stamp: [stamp?.performanceTime ?? 0, (stamp?.contextTime ?? 0) * 1e3],
    rendered,
    told: (context?.outputLatency ?? 0) * 1e3,
    /** Context time that is believed to be heard now, and by how much time stamps are believed to be astray. */
    heard: heard / 1e3,
    astray: (bridge.offset(nowUs)?.astray ?? 0) / 1e3,
    /** Where the song is believed to be now, in milliseconds. */
    song: line ? (line.songAt((heard * output.context.sampleRate) / 1e6) * 1e3) / output.context.sampleRate : null,
  };
}
type View = ReturnType<typeof viewOf>;

Object.assign(globalThis, { listen });
