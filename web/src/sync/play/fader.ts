/** The way out of one run of a song: as it is, or rising and falling where songs overlap. */

/** A curve is drawn by so many straight lines: each is off by less than a thousandth. */
const PIECES = 32;

export class Fader {
  readonly node: GainNode;

  constructor(
    private readonly context: AudioContext,
    output: AudioNode,
  ) {
    this.node = new GainNode(context);
    this.node.connect(output);
  }

  /** Rises from silence between two context frames; of equal power with what falls meanwhile. */
  rise(from: number, to: number): void {
    this.draw(from, to, (share) => Math.sin((share * Math.PI) / 2));
  }

  fall(from: number, to: number): void {
    this.draw(from, to, (share) => Math.cos((share * Math.PI) / 2));
  }

  discard(): void {
    this.node.disconnect();
  }

  /** What of it is over already is left out. */
  private draw(from: number, to: number, level: (share: number) => number): void {
    const { sampleRate, currentTime } = this.context;
    const { gain } = this.node;
    const begun = Math.max(0, Math.min(1, (currentTime * sampleRate - from) / (to - from)));
    gain.setValueAtTime(level(begun), Math.max(currentTime, from / sampleRate));
    for (let i = 1; i <= PIECES; i++) {
      const share = i / PIECES;
      if (share > begun) gain.linearRampToValueAtTime(level(share), (from + share * (to - from)) / sampleRate);
    }
  }
}
