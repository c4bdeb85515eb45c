import { createSignal, For, onCleanup } from "solid-js";
import { text } from "../../i18n/en";
import { figures as say } from "../../i18n/figures";
import type { Stage } from "../../stage/stage";
import { preferences } from "../../state/preferences";
import type { SyncStatus } from "../../sync";
import { Icon } from "../../ui/Icon";
import "../../styles/figures.css";

const EVERY_MS = 250;
/** Half a minute of errors. */
const TRACE = 120;
/** The curve's scale is at least this, in milliseconds: what is below nobody hears. */
const LEAST_SCALE_MS = 2;

/** For the curious: what the sound engine measures and does. Costs nothing while it is not shown. */
export function SyncFigures(props: { stage: Stage }) {
  const [status, setStatus] = createSignal<SyncStatus>(props.stage.engine.status());
  const [trace, setTrace] = createSignal<readonly (number | null)[]>([]);
  const read = () => {
    const now = props.stage.engine.status();
    setStatus(now);
    setTrace((before) => [...before.slice(1 - TRACE), now.errorMs]);
  };
  const timer = setInterval(read, EVERY_MS);
  onCleanup(() => clearInterval(timer));
  const rows = () => rowsOf(status());
  return (
    <section class="sync-figures" aria-label={text.figures.title}>
      <header class="row spread">
        <h2>{text.figures.title}</h2>
        <button type="button" class="btn icon-only" aria-label={text.common.close} onClick={() => preferences.setFigures(false)}>
          <Icon name="close" />
        </button>
      </header>
      <Curve errors={trace()} />
      <dl>
        <For each={say.rows}>
          {([key, name, meaning]) => (
            <div title={meaning}>
              <dt>{name}</dt>
              <dd class="num">{rows()[key]}</dd>
            </div>
          )}
        </For>
      </dl>
    </section>
  );
}

type Row = (typeof say.rows)[number][0];

function rowsOf(status: SyncStatus): Record<Row, string> {
  const { corrections } = status;
  const ms = (value: number | null, digits = 2) => (value === null ? "–" : `${value.toFixed(digits)} ms`);
  return {
    bound: status.inSyncMs === null ? "–" : `± ${ms(status.inSyncMs)}`,
    error: ms(status.errorMs),
    // Against the wall clock, whose figures mean something to people; the engine itself does not use it.
    offset: ms(status.offsetMs === null ? null : status.offsetMs - performance.timeOrigin, 1),
    rtt: ms(status.rttMs),
    skew: status.driftPpm === null ? "–" : `${status.driftPpm.toFixed(1)} ppm`,
    latency: ms(status.latencyMs, 1),
    scatter: ms(status.scatterMs),
    speed: `${((corrections.speed - 1) * 100).toFixed(2)} %`,
    corrections: say.corrections(corrections.slews, corrections.anchors),
    byHand: ms(preferences.offsetMs(), 0),
  };
}

/** The error over the last half minute; the words beside it say the same. */
function Curve(props: { errors: readonly (number | null)[] }) {
  const scale = () => Math.max(LEAST_SCALE_MS, ...props.errors.map((error) => Math.abs(error ?? 0)));
  const runs = () => {
    const paths: string[] = [];
    let open = false;
    props.errors.forEach((error, n) => {
      const x = TRACE - props.errors.length + n;
      if (error !== null) paths.push(`${open ? "L" : "M"}${x} ${(20 - (error / scale()) * 18).toFixed(1)}`);
      open = error !== null;
    });
    return paths.join("");
  };
  return (
    <svg class="curve" viewBox={`0 0 ${TRACE} 40`} preserveAspectRatio="none" aria-hidden="true">
      <path class="zero" d={`M0 20H${TRACE}`} />
      <path d={runs()} />
    </svg>
  );
}
