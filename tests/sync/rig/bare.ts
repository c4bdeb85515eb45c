/** In the page: one long source on a context like the engine's, and no player: what the machine's own audio does. */

const VIEW_MS = 25;
const NEARLY_NOTHING = 1e-7;

declare function realNow(): number;

export async function bare(url: string) {
  const context = new AudioContext({ latencyHint: 0.04 });
  const awake = new ConstantSourceNode(context, { offset: NEARLY_NOTHING });
  awake.connect(context.destination);
  awake.start();
  await context.resume();
  const views: unknown[] = [];
  setInterval(() => {
    const rendered = context.currentTime * 1e3;
    const { performanceTime = 0, contextTime = 0 } = context.getOutputTimestamp();
    views.push({
      at: realNow(),
      page: performance.now(),
      stamp: [performanceTime, contextTime * 1e3],
      rendered,
      told: context.outputLatency * 1e3,
    });
  }, VIEW_MS);
  const buffer = await context.decodeAudioData(await (await fetch(url)).arrayBuffer());
  /** Plays from `at` (`realNow()`) on, as nearly as this page can tell. Answers the context time. */
  const play = (at: number) => {
    const source = new AudioBufferSourceNode(context, { buffer });
    source.connect(context.destination);
    const when = context.currentTime + (at - realNow()) / 1e3;
    source.start(when);
    return when;
  };
  return { context, play, views, log: [] };
}

Object.assign(globalThis, { bare });
