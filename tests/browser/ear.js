// Listens at a page's loudspeaker: what leaves the audio context, and nothing of what the page says about it.

/** Runs in the page ahead of its own code. */
export function listenIn() {
  const taps = new Map();
  const { connect } = AudioNode.prototype;
  AudioNode.prototype.connect = function (to, ...more) {
    if (to === this.context.destination && !(this.context instanceof OfflineAudioContext)) {
      if (!taps.has(this.context)) taps.set(this.context, new AnalyserNode(this.context, { fftSize: 2_048 }));
      connect.call(this, taps.get(this.context));
    }
    return connect.call(this, to, ...more);
  };
  /** The loudest sample of the last fortieth of a second. */
  globalThis.loudness = () => {
    let most = 0;
    for (const [context, tap] of taps) {
      if (context.state !== "running") continue;
      const samples = new Float32Array(tap.fftSize);
      tap.getFloatTimeDomainData(samples);
      for (const sample of samples) most = Math.max(most, Math.abs(sample));
    }
    return most;
  };
}

const AUDIBLE = 0.005;

/** Waits until the page sounds; returns how many seconds that took. */
export async function hears(person, timeout = 20_000) {
  const began = performance.now();
  await person.page.waitForFunction((audible) => loudness() > audible, AUDIBLE, { polling: 50, timeout });
  return (performance.now() - began) / 1e3;
}

/** Waits until the page is silent. */
export async function isQuiet(person) {
  await person.page.waitForFunction((audible) => loudness() <= audible, AUDIBLE, { polling: 50 });
}

/** The share of a time in which the page sounds. */
export async function hearsFor(person, seconds) {
  return person.page.evaluate(
    async ([seconds, audible]) => {
      let [heard, all] = [0, 0];
      for (const end = performance.now() + seconds * 1e3; performance.now() < end; all++) {
        if (loudness() > audible) heard++;
        await new Promise((done) => setTimeout(done, 25));
      }
      return heard / all;
    },
    [seconds, AUDIBLE],
  );
}

/** How long the pages' main threads worked on one task at most while `act` ran, in milliseconds of the processor's time: a busy machine makes no difference. */
export async function longestTask(browser, page, act) {
  await browser.startTracing(page, { categories: ["toplevel", "disabled-by-default-devtools.timeline"] });
  await act();
  const { traceEvents } = JSON.parse((await browser.stopTracing()).toString());
  const mains = new Set(traceEvents.filter((e) => e.name === "thread_name" && e.args.name === "CrRendererMain").map((e) => `${e.pid} ${e.tid}`));
  const tasks = traceEvents.filter((e) => e.tdur !== undefined && mains.has(`${e.pid} ${e.tid}`) && /RunTask$/.test(e.name));
  if (tasks.length === 0) throw new Error("the browser told of no tasks");
  return Math.max(...tasks.map((e) => e.tdur)) / 1e3;
}
