import { createResource, createSignal, For, onCleanup, Show } from "solid-js";
import { text } from "../../i18n/en";
import { api, type HeardSong, told } from "../../net/client";
import { explain } from "../../state/errors";
import { attempt } from "../../state/notices";
import { confirm } from "../../ui/Dialog";
import { dayOf, timeOfDay } from "../../ui/format";
import { Cover } from "../../ui/Picture";
import { Empty } from "../../ui/parts";
import { roving } from "../../ui/roving";
import { isToday } from "../../ui/today";

const PAGE = 100;

/** What I have heard. */
export function HistoryScreen() {
  const [items, setItems] = createSignal<readonly HeardSong[]>([]);
  const [next, setNext] = createSignal<string>();
  const load = async (after?: string) => {
    const page = await told(api.GET("/api/v1/me/history", { params: { query: { limit: PAGE, after } } }));
    setItems((before) => (after ? [...before, ...page.items] : page.items));
    setNext(page.next ?? undefined);
    return true;
  };
  const [first, { refetch }] = createResource(() => load());
  async function forget(): Promise<void> {
    const words = text.history;
    if (!(await confirm(words.forget, words.forgetSure, words.forget))) return;
    if (await attempt(() => api.DELETE("/api/v1/me/history"))) void refetch();
  }
  const when = (us: number) => (isToday(us) ? timeOfDay(us) : `${dayOf(us)}, ${timeOfDay(us)}`);
  return (
    <div class="page narrow">
      <header class="page-head">
        <h1>{text.history.title}</h1>
        <Show when={items().length > 0}>
          <button type="button" class="btn" onClick={forget}>
            {text.history.forget}
          </button>
        </Show>
      </header>
      <Show when={first.error}>
        <p class="wrong" role="alert">
          {explain(first.error)}
        </p>
      </Show>
      <Show when={first.state === "ready" && items().length === 0}>
        <Empty icon="music" level="h2" title={text.history.emptyTitle} text={text.history.emptyText} />
      </Show>
      <ul aria-label={text.history.title} ref={(el) => onCleanup(roving(el))}>
        <For each={items()}>
          {(heard, index) => (
            <li class="person tall" data-row={index()}>
              <Cover url={heard.song.cover_url} name={heard.song.title} />
              <span class="grow">
                <a class="line cut" href={`/songs/${heard.song.id}`}>
                  {heard.song.title}
                </a>
                <span class="line cut soft small">{heard.song.artist}</span>
              </span>
              <span class="soft small num">{when(heard.at_us)}</span>
            </li>
          )}
        </For>
      </ul>
      <Show when={next()}>
        {(after) => (
          <button type="button" class="btn" onClick={() => attempt(() => load(after()))}>
            {text.common.more}
          </button>
        )}
      </Show>
    </div>
  );
}
