import { createEffect, createSignal, For, onCleanup, Show } from "solid-js";
import { text } from "../../i18n/en";
import { api, told } from "../../net/client";
import type { Stage } from "../../protocol";
import { navigate, query } from "../../routes";
import { Trouble } from "../../shell/Trouble";
import { createFetched } from "../../state/fetched";
import { me } from "../../state/session";
import { signInFirst } from "../../state/wish";
import { Icon } from "../../ui/Icon";
import { later } from "../../ui/later";
import { Avatar, Cover } from "../../ui/Picture";
import { Empty, SearchBox } from "../../ui/parts";
import { roving } from "../../ui/roving";
import { createSearch } from "../../ui/search";
import { washed } from "../../ui/wash";

const StageForm = later(() => import("./StageForm").then((of) => of.StageForm));

/** Listener counts and songs in the list are at most this old. */
const REFRESH_MS = 5_000;
/** A stage that opens while one looks at an empty list is there soon. */
const REFRESH_EMPTY_MS = 2_000;
/** In the address: a stage is to be opened. */
const OPEN = "open";
const SEARCH_PAUSE_MS = 200;

export function LobbyScreen() {
  const { typed, setTyped, wanted: q } = createSearch(SEARCH_PAUSE_MS);
  const [opening, setOpening] = createSignal(false);
  // The wish stands in the address for as long as one signs in for it.
  createEffect(() => {
    if (!query().has(OPEN)) return;
    navigate("/", { replace: true });
    if (me()) setOpening(true);
    else signInFirst(`/?${OPEN}`);
  });
  const stages = createFetched(q, (wanted) =>
    told(api.GET("/api/v1/stages", { params: { query: { q: wanted, sort: "listeners", limit: 60 } } })),
  );
  const refresh = () => document.visibilityState === "visible" && !stages.loading() && void stages.again();
  createEffect(() => {
    const timer = setInterval(refresh, found().length > 0 ? REFRESH_MS : REFRESH_EMPTY_MS);
    onCleanup(() => clearInterval(timer));
  });
  document.addEventListener("visibilitychange", refresh);
  onCleanup(() => document.removeEventListener("visibilitychange", refresh));
  const found = () => stages.value()?.items ?? [];
  /** One that sounds, with most listeners, stands in front; who searches sees all alike. */
  const hero = () => (q() ? undefined : found().find((stage) => stage.live && stage.now_playing));
  const live = () =>
    [hero(), ...found().filter((stage) => stage.live && stage !== hero())].filter((stage) => stage !== undefined);
  const quiet = () => found().filter((stage) => !stage.live);

  return (
    <div class="page">
      <header class="page-head">
        <h1>{text.lobby.title}</h1>
        <div class="row lobby-tools">
          <SearchBox label={text.lobby.search} value={typed()} onInput={setTyped} />
          <button type="button" class="btn primary" onClick={() => (me() ? setOpening(true) : signInFirst(`/?${OPEN}`))}>
            <Icon name="add" />
            {text.lobby.open}
          </button>
        </div>
      </header>
      <Trouble of={stages} />
      <Show
        when={found().length > 0}
        fallback={
          <Show when={stages.value()}>
            <Show
              when={q()}
              fallback={
                <Empty icon="room" level="h2" title={text.lobby.emptyTitle} text={text.lobby.emptyText}>
                  <Show when={!me()}>
                    <a class="btn" href="/sign-in?new">
                      {text.sign.up}
                    </a>
                  </Show>
                </Empty>
              }
            >
              <Empty icon="search" level="h2" title={text.lobby.noMatch(q())} />
            </Show>
          </Show>
        }
      >
        <StageCards label={text.lobby.title} stages={live()} hero={hero()} />
        <Show when={quiet().length > 0}>
          <h2 class="lobby-quiet">{text.lobby.quiet}</h2>
          <StageCards label={text.lobby.quiet} stages={quiet()} />
        </Show>
      </Show>
      <Show when={opening()}>
        <StageForm onClose={() => setOpening(false)} onDone={(stage) => navigate(`/s/${stage.id}`)} />
      </Show>
    </div>
  );
}

const cover = (stage: Stage) => stage.cover_url ?? stage.now_playing?.cover_url ?? null;

function StageCards(props: { label: string; stages: Stage[]; hero?: Stage | undefined }) {
  return (
    <ul class="stage-cards" aria-label={props.label} ref={(el) => onCleanup(roving(el))}>
      <For each={props.stages}>
        {(stage) => (
          <li classList={{ front: stage === props.hero }}>
            <a
              class="stage-card"
              data-row={stage.id}
              href={`/s/${stage.id}`}
              ref={(el) => stage === props.hero && washed(() => cover(stage))(el)}
            >
              <Cover url={cover(stage)} name={stage.name} eager={stage === props.hero} />
              <span class="body">
                <span class="row spread">
                  <strong class="cut">{stage.name}</strong>
                  <Show when={stage.live}>
                    <span class="listeners num" role="img" aria-label={text.lobby.listeners(stage.listeners)}>
                      <Icon name="people" size={16} />
                      {stage.listeners}
                    </span>
                  </Show>
                </span>
                <span class="now cut" classList={{ soft: !stage.now_playing }}>
                  <Show when={stage.now_playing} fallback={text.lobby.nothingPlays}>
                    {(song) => (
                      <>
                        <span class="wave" aria-hidden="true">
                          <i />
                          <i />
                          <i />
                        </span>
                        {song().title} <span class="soft">· {song().artist}</span>
                      </>
                    )}
                  </Show>
                </span>
                <span class="row foot soft small">
                  <Avatar name={stage.host.username} url={stage.host.avatar_url} size={20} />
                  <span class="cut grow">{stage.host.username}</span>
                  <For each={stage.genres.slice(0, 2)}>{(genre) => <span class="badge">{genre}</span>}</For>
                </span>
                <Show when={stage === props.hero}>
                  <span class="btn primary listen-in">
                    <Icon name="play" size={18} />
                    {text.stage.listenLive}
                  </span>
                </Show>
              </span>
            </a>
          </li>
        )}
      </For>
    </ul>
  );
}
