/**
 * In the page: the web client's own sound engine on the server's socket, without the interface around it, so that the
 * rig measures the engine and can ask it for its opinion.
 */

import type { Timeline } from "../../../web/src/protocol";
import { createEngine } from "../../../web/src/sync";

type Frame = { type: string; re?: number } & Record<string, unknown>;

export function listen(stageId: number) {
  const waiting = new Map<number, { done(f: Frame): void; fail(e: unknown): void }>();
  const log: { at: number; what: string }[] = [];
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

  const engine = createEngine({
    stageId,
    async ping() {
      const t0 = performance.now();
      const pong = await request({ type: "ping", t0 });
      return { t0, t1_us: pong.t1_us as number, t2_us: pong.t2_us as number, t3: pong.heardAt as number };
    },
    report: (frame) => socket?.readyState === WebSocket.OPEN && socket.send(JSON.stringify(frame)),
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
    hear((joined.snapshot as { timeline: Timeline }).timeline);
  };
  connect();
  return { engine, request, log, inside };
}

Object.assign(globalThis, { listen });
