/** Offset and drift through a run of measurements: two Kalman filters, and how much each is believed. Microseconds. */

export interface Measurement {
  readonly at: number;
  readonly offset: number;
  readonly variance: number;
}

/** Where the offset is, at an instant: `drift` in ppm, the last three its covariances. */
export interface Line {
  readonly at: number;
  readonly offset: number;
  readonly drift: number;
  readonly varOffset: number;
  readonly covariance: number;
  readonly varDrift: number;
}

/** Most machines discipline their clocks, and the two then run alike... */
const CALM_PPM = 3;
/** ...others run as their quartz does: within 50 ppm, on cheap boards within 100. One is as likely as the other. */
const FREE_PPM = 80;
/** Random walk of the offset (µs² per second) and of the drift (ppm² per second): warming up, frequency scaling. */
const OFFSET_WALK = 25;
const DRIFT_WALK = 4e-4;
/** What lies further off than so many standard deviations counts for less, as their share of it. */
const FAR = 3;
/** Neither filter is ever ruled out for good. */
const MOST_EVIDENCE = 30;
const MOST_SURPRISE = 25;

interface Filter extends Line {
  /** Logarithm of how likely the latest measurement was. */
  readonly likelihood: number;
}

/** The line through measurements in the order of time; there is at least one. `likely` is the drift expected beforehand. */
export function track(measurements: readonly Measurement[], likely: number): Line {
  const [first, ...rest] = measurements;
  if (!first) throw new RangeError("a line through nothing");
  let calm = begin(first, likely, CALM_PPM);
  let free = begin(first, likely, FREE_PPM);
  let evidence = 0;
  for (const measurement of rest) {
    calm = step(calm, measurement);
    free = step(free, measurement);
    const sum = evidence + calm.likelihood - free.likelihood;
    evidence = Math.max(-MOST_EVIDENCE, Math.min(MOST_EVIDENCE, sum));
  }
  return mix(calm, free, 1 / (1 + Math.exp(-evidence)));
}

/** Variance of the offset that a line gives for `at`. */
export function varianceAt(line: Line, at: number): number {
  const dt = Math.max(0, at - line.at) * 1e-6;
  return line.varOffset + dt * (2 * line.covariance + dt * line.varDrift) + OFFSET_WALK * dt;
}

function begin(first: Measurement, drift: number, sd: number): Filter {
  const { at, offset, variance } = first;
  return { at, offset, drift, varOffset: variance, covariance: 0, varDrift: sd * sd, likelihood: 0 };
}

function step(line: Line, { at, offset, variance }: Measurement): Filter {
  const dt = Math.max(0, (at - line.at) * 1e-6);
  const predicted = line.offset + line.drift * dt;
  const varOffset = varianceAt(line, at);
  const covariance = line.covariance + dt * line.varDrift;
  const varDrift = line.varDrift + DRIFT_WALK * dt;

  const innovation = offset - predicted;
  const expected = varOffset + variance;
  const surprise = (innovation * innovation) / expected;
  const total = varOffset + variance * Math.max(1, Math.sqrt(surprise) / FAR);
  const gainOffset = varOffset / total;
  const gainDrift = covariance / total;
  return {
    at,
    offset: predicted + gainOffset * innovation,
    drift: line.drift + gainDrift * innovation,
    varOffset: (1 - gainOffset) * varOffset,
    covariance: (1 - gainOffset) * covariance,
    varDrift: varDrift - gainDrift * covariance,
    likelihood: -(Math.log(expected) + Math.min(MOST_SURPRISE, surprise)) / 2,
  };
}

/** Mean and covariances of the two, `share` being the first one's. */
function mix(a: Line, b: Line, share: number): Line {
  const blend = (x: number, y: number) => share * x + (1 - share) * y;
  const offset = blend(a.offset, b.offset);
  const drift = blend(a.drift, b.drift);
  const apart = (line: Line) => ({ offset: line.offset - offset, drift: line.drift - drift });
  const [u, v] = [apart(a), apart(b)];
  return {
    at: a.at,
    offset,
    drift,
    varOffset: blend(a.varOffset + u.offset * u.offset, b.varOffset + v.offset * v.offset),
    covariance: blend(a.covariance + u.offset * u.drift, b.covariance + v.offset * v.drift),
    varDrift: blend(a.varDrift + u.drift * u.drift, b.varDrift + v.drift * v.drift),
  };
}
