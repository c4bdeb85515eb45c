import { createEffect, createMemo, createSignal, Match, on, Show, Switch } from "solid-js";
import { text } from "../../i18n/en";
import type { Stage } from "../../stage/stage";
import { audible, loudness, setLoudness, suggested } from "../../state/loudness";
import { attempt } from "../../state/notices";
import { soundHere } from "../../state/nowplaying";
import { usePosition } from "../../state/position";
import { preferences } from "../../state/preferences";
import { isSilent } from "../../state/speaker";
import { clock, millis } from "../../ui/format";
import { Icon } from "../../ui/Icon";
import { later } from "../../ui/later";
import { Cover } from "../../ui/Picture";
import { Range } from "../../ui/parts";
import { createComments } from "../comments/comments";
import { Marks } from "../comments/Marks";
import { Silent } from "./Silent";
import { Transport } from "./Transport";

const CommentsDialog = later(() => import("../comments/Comments").then((of) => of.CommentsDialog));
const Like = later(() => import("./Like").then((of) => of.Like));
const Wave = later(() => import("./Wave").then((of) => of.Wave));
const StageLyrics = later(() => import("../lyrics/Lyrics").then((of) => of.StageLyrics));

const SECOND_US = 1_000_000;

export function NowPlaying(props: { stage: Stage }) {
  const state = () => props.stage.state();
  const song = () => state()?.timeline.song ?? null;
  const steers = () => state()?.you.can.includes("control") ?? false;

  return (
    <section class="now-playing" aria-label={text.stage.nowPlaying}>
      <div class="picture">
        <Cover
          url={song()?.cover_url ?? state()?.stage.cover_url ?? null}
          name={song()?.title ?? state()?.stage.name ?? ""}
          eager
        />
        <Show when={props.stage.sync().state === "needs-gesture"}>
          <button type="button" class="listen" onClick={() => attempt(() => props.stage.engine.resume())}>
            <Icon name="play" size={28} />
            <span>{text.stage.listen}</span>
            <small>{text.stage.listenHint}</small>
          </button>
        </Show>
      </div>
      <div class="what">
        <h2 class="title">{song()?.title ?? text.stage.nothing}</h2>
        <Show when={!state()?.you.guest && song()}>{(now) => <Like song={now().id} title={now().title} />}</Show>
        <p class="soft artist">
          {song()?.artist ?? (steers() ? text.stage.nothingHost : text.stage.nothingListener)}
          <Show when={song()?.album}>{(album) => ` · ${album()}`}</Show>
        </p>
        <p class="small wrong" role="status" hidden={!props.stage.sync().problem}>
          <Show when={props.stage.sync().problem}>{(problem) => text.stage.cantPlay[problem().why]}</Show>
        </p>
        <p class="hidden" role="status">
          <Show when={state()?.timeline.playing && song()}>{(now) => text.stage.playsNow(now().title, now().artist)}</Show>
        </p>
      </div>
      <Progress stage={props.stage} steers={steers()} />
      <Transport stage={props.stage} steers={steers()} />
      <Switch fallback={<Loudness stage={props.stage} />}>
        <Match when={isSilent(props.stage)}>
          <Silent stage={props.stage} />
        </Match>
        <Match when={props.stage.engine.here() === false}>
          <Elsewhere />
        </Match>
      </Switch>
      <Show when={preferences.lyrics() && song()}>{(now) => <StageLyrics song={now().id} />}</Show>
    </section>
  );
}

/** How loud it is here, and how well in time. */
function Loudness(props: { stage: Stage }) {
  return (
    <div class="sound">
      <button
        type="button"
        class="btn icon-only"
        aria-label={preferences.muted() ? text.stage.unmute : text.stage.mute}
        aria-pressed={preferences.muted()}
        onClick={() => preferences.setMuted(!preferences.muted())}
      >
        <Icon name={preferences.muted() ? "muted" : "volume"} />
      </button>
      <Range
        label={text.stage.volume}
        value={audible()}
        max={1}
        step={0.01}
        valueText={`${Math.round(loudness() * 100)} %`}
        onInput={setLoudness}
      />
      <Show when={suggested() !== null}>
        <button
          type="button"
          class="btn icon-only"
          aria-label={text.stage.withHost}
          title={text.stage.withHost}
          aria-pressed={preferences.withHost()}
          onClick={() => preferences.setWithHost(!preferences.withHost())}
        >
          <Icon name="people" />
        </button>
      </Show>
      <SyncNote stage={props.stage} />
    </div>
  );
}

/** Stands for the loudness while another tab of this browser sounds. */
function Elsewhere() {
  return (
    <div class="sound">
      <button type="button" class="btn" onClick={soundHere}>
        <Icon name="volume" />
        {text.stage.listenHere}
      </button>
      <span class="soft small" role="status">
        {text.stage.elsewhere}
      </span>
    </div>
  );
}

const about = (song: { id: number } | null) => song && { song: song.id };

/** Where the song is, for who may as a slider. While it is dragged it shows the wish, not the truth. */
function Progress(props: { stage: Stage; steers: boolean }) {
  const position = usePosition(250);
  const timeline = () => props.stage.state()?.timeline;
  const song = createMemo(() => timeline()?.song ?? null, null, { equals: (a, b) => a?.id === b?.id });
  const comments = createComments(createMemo(() => about(song())));
  const [talking, setTalking] = createSignal(false);
  const [wish, setWish] = createSignal<number | null>(null);
  /** The entry that a hand is on. */
  let held: number | null = null;
  const length = () => timeline()?.song?.duration_us ?? 0;
  const shown = () => wish() ?? position.us();
  const entry = createMemo(() => timeline()?.entry ?? null);
  // A wish is about the song that it was made for.
  createEffect(on(entry, () => setWish(null), { defer: true }));

  /** What comes next, as far as that is known. */
  const next = createMemo(() => {
    const state = props.stage.state();
    if (!state?.timeline.playing || state.queue.mode.shuffle || state.queue.mode.repeat === "one") return null;
    const { items } = state.queue;
    return items[items.findIndex((item) => item !== null && item.entry === state.timeline.entry) + 1]?.song ?? null;
  });

  /** The wish that the stage was asked to grant. */
  let asked: number | null = null;
  const hold = () => (held ??= entry());
  const release = () => {
    held = null;
    if (wish() !== asked) setWish(null);
  };
  function move(us: number): void {
    if (hold() === entry()) setWish(us);
  }
  async function seek(us: number): Promise<void> {
    const meant = hold() === entry();
    held = null;
    if (!meant) return;
    asked = us;
    await attempt(() => props.stage.control("seek", { position_us: Math.round(us) }));
    if (wish() === us) setWish(null);
    asked = null;
  }
  return (
    <div class="progress">
      <div class="scrub">
        <Show when={song()}>{(now) => <Wave song={now().id} part={Math.min(1, shown() / Math.max(1, length()))} />}</Show>
        <Range
          label={text.stage.position}
          value={Math.min(shown(), length()) / SECOND_US}
          max={Math.max(1, length() / SECOND_US)}
          step={1}
          valueText={`${clock(shown())} / ${clock(length())}`}
          disabled={!props.steers || length() === 0}
          onInput={(seconds) => move(seconds * SECOND_US)}
          onCommit={(seconds) => seek(seconds * SECOND_US)}
          onPress={hold}
          onRelease={release}
        />
      </div>
      <Marks comments={comments.items()} lengthUs={length()} />
      <div class="row spread soft small num">
        <span>{clock(shown())}</span>
        <Show when={song()}>
          <span class="row">
            <button type="button" class="link" onClick={() => setTalking(true)}>
              {text.comments.title}
            </button>
            <button
              type="button"
              class="link"
              aria-pressed={preferences.lyrics()}
              onClick={() => preferences.setLyrics(!preferences.lyrics())}
            >
              {text.stage.lyrics}
            </button>
          </span>
        </Show>
        <span>{clock(length())}</span>
      </div>
      <Show when={next()}>
        {(coming) => <p class="next-up soft small cut num">{text.stage.next(coming().title, clock(length() - shown()))}</p>}
      </Show>
      <Show when={talking() && song()}>
        {(about) => (
          <CommentsDialog
            title={about().title}
            about={{ song: about().id }}
            positionUs={position.us}
            onSeek={props.steers ? (us) => void seek(us) : undefined}
            onClose={() => setTalking(false)}
          />
        )}
      </Show>
    </div>
  );
}

function SyncNote(props: { stage: Stage }) {
  const note = () => {
    const sync = props.stage.sync();
    if (props.stage.state()?.timeline.waiting) return text.stage.waiting;
    switch (sync.state) {
      case "offline":
        return text.stage.offline;
      case "loading":
        return text.stage.syncing;
      case "playing":
        return sync.inSyncMs === null ? text.stage.syncing : text.stage.inSync(millis(sync.inSyncMs));
      default:
        return "";
    }
  };
  return (
    <button
      type="button"
      class="sync-note soft num"
      classList={{ good: (props.stage.sync().inSyncMs ?? 99) < 20 }}
      aria-pressed={preferences.figures()}
      title={text.figures.toggle}
      hidden={note() === ""}
      onClick={() => preferences.setFigures(!preferences.figures())}
    >
      {note()}
    </button>
  );
}
