/** As much of Web Audio as the player uses, with a record of what would have sounded. */

const QUANTUM = 128;

interface ParamEvent {
  readonly at: number;
  readonly value: number;
  readonly ramp: boolean;
}

export class FakeParam {
  private events: ParamEvent[] = [];
  constructor(private base: number) {}
  set value(v: number) {
    this.base = v;
  }
  setValueAtTime(value: number, at: number) {
    this.events.push({ at, value, ramp: false });
  }
  linearRampToValueAtTime(value: number, at: number) {
    this.events.push({ at, value, ramp: true });
  }
  setTargetAtTime(value: number, at: number) {
    this.setValueAtTime(value, at);
  }
  cancelScheduledValues() {
    this.events = [];
  }
  at(time: number): number {
    let before: ParamEvent = { at: -Infinity, value: this.base, ramp: false };
    for (const e of [...this.events].sort((a, b) => a.at - b.at)) {
      if (e.at <= time) before = e;
      else if (e.ramp) return before.value + ((e.value - before.value) * (time - before.at)) / (e.at - before.at);
      else break;
    }
    return before.value;
  }
}

class FakeNode {
  private cut = Infinity;
  private output: FakeNode | undefined;
  constructor(protected readonly context: FakeContext) {}
  connect(to: FakeNode) {
    this.output = to;
  }
  disconnect() {
    // What was handed to the device already is heard.
    this.cut = Math.min(this.cut, this.context.currentTime);
  }
  /** How loud this node's input is at a context time. */
  through(time: number): number {
    return time < this.cut && this.output ? this.output.gainAt(time) : 0;
  }
  gainAt(_time: number): number {
    return 1;
  }
}

export class FakeGain extends FakeNode {
  readonly gain: FakeParam;
  constructor(context: FakeContext, options: { gain?: number } = {}) {
    super(context);
    this.gain = new FakeParam(options.gain ?? 1);
  }
  override gainAt(time: number): number {
    return this.gain.at(time) * this.through(time);
  }
}

export class FakeSource extends FakeNode {
  readonly playbackRate = new FakeParam(1);
  readonly buffer: FakeBuffer;
  private when = Infinity;
  private offset = 0;
  private end = Infinity;
  private rendered: number[] = [];
  constructor(context: FakeContext, options: { buffer: FakeBuffer }) {
    super(context);
    this.buffer = options.buffer;
    context.sources.push(this);
  }
  start(when: number, offset: number) {
    // A start in the past is a start now.
    this.when = Math.max(when, this.context.currentTime);
    this.offset = offset;
  }
  stop(when: number) {
    this.end = when;
  }
  /** The buffer's frame that sounds at a context time, if one does. */
  frameAt(time: number): number | undefined {
    if (time < this.when || time >= this.end) return undefined;
    const rate = this.context.sampleRate;
    const first = Math.round(this.when * rate);
    const target = time * rate;
    let quantum = Math.floor(first / QUANTUM);
    let position = this.rendered.at(-1) ?? this.offset * rate;
    if (this.rendered.length === 0) this.rendered.push(position);
    else quantum += this.rendered.length - 1;
    for (;;) {
      const from = Math.max(first, quantum * QUANTUM);
      const to = (quantum + 1) * QUANTUM;
      const speed = this.playbackRate.at((quantum * QUANTUM) / rate);
      if (target < to) {
        position += (target - from) * speed;
        return position < this.buffer.length ? position : undefined;
      }
      position += (to - from) * speed;
      this.rendered.push(position);
      quantum += 1;
    }
  }
}

export class FakeBuffer {
  readonly numberOfChannels = 0;
  constructor(
    readonly length: number,
    readonly sampleRate: number,
    /** What is in it, for the record. */
    readonly song: number,
    readonly start = 0,
  ) {}
  getChannelData(): Float32Array {
    return new Float32Array();
  }
}

export class FakeConstant extends FakeNode {
  start() {}
}

export class FakeContext {
  readonly sampleRate = 48_000;
  readonly destination = new FakeNode(this);
  readonly sources: FakeSource[] = [];
  state: "running" | "suspended" = "running";
  outputLatency = 0;
  currentTime = 0;
  stamp = { performanceTime: 0, contextTime: 0 };
  constructor() {
    this.destination.connect(new FakeNode(this));
  }
  getOutputTimestamp() {
    return this.stamp;
  }
  private readonly heard: (() => void)[] = [];
  addEventListener(_: string, listener: () => void) {
    this.heard.push(listener);
  }
  removeEventListener() {}
  /** Stands still, or goes on. */
  become(state: "running" | "suspended") {
    this.state = state;
    for (const hear of this.heard) hear();
  }
  resume() {
    return Promise.resolve();
  }
  close() {
    return Promise.resolve();
  }
  /** What sounds at a context time: songs, their frames, how loud. */
  soundsAt(time: number): { song: number; frame: number; gain: number }[] {
    return this.sources.flatMap((s) => {
      const frame = s.frameAt(time);
      const gain = frame === undefined ? 0 : s.through(time);
      return frame === undefined || gain === 0 ? [] : [{ song: s.buffer.song, frame: s.buffer.start + frame, gain }];
    });
  }
}
