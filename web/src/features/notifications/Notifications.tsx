import { createSignal, For, onCleanup, Show } from "solid-js";
import { text } from "../../i18n/en";
import { api, type Notification, told } from "../../net/client";
import { Trouble } from "../../shell/Trouble";
import { createFetched } from "../../state/fetched";
import { attempt } from "../../state/notices";
import { setUnread, unread } from "../../state/unread";
import { dayOf, timeOfDay } from "../../ui/format";
import { Avatar } from "../../ui/Picture";
import { Empty } from "../../ui/parts";
import { roving } from "../../ui/roving";
import { isToday } from "../../ui/today";
import { placeOf } from "./place";
import { wordsOf } from "./words";

const PAGE = 50;

export function NotificationsScreen() {
  const [older, setOlder] = createSignal<readonly Notification[]>([]);
  const [next, setNext] = createSignal<string | null>(null);
  /** What was new when one came to look goes on standing out, though it counts as read from then on. */
  const fresh = new Set<number>();
  // What comes while one looks stands there at once.
  const latest = createFetched(unread, async () => {
    const page = await told(api.GET("/api/v1/notifications", { params: { query: { limit: PAGE } } }));
    if (older().length === 0) setNext(page.next ?? null);
    for (const one of page.items) if (!one.read) fresh.add(one.id);
    const first = page.items[0];
    if (first && page.unread > 0) void read(first.id);
    return page.items;
  });
  async function read(up_to: number): Promise<void> {
    const left = await told(api.POST("/api/v1/notifications/read", { body: { up_to } })).catch(() => null);
    if (left) setUnread(left.unread);
  }
  const more = () =>
    attempt(async () => {
      const query = { limit: PAGE, after: next() ?? undefined };
      const page = await told(api.GET("/api/v1/notifications", { params: { query } }));
      setOlder((before) => [...before, ...page.items]);
      setNext(page.next ?? null);
    });
  const all = () => {
    const first = latest.value() ?? [];
    return [...first, ...older().filter(({ id }) => !first.some((one) => one.id === id))];
  };
  return (
    <div class="page narrow">
      <header class="page-head">
        <h1>{text.notifications.title}</h1>
      </header>
      <Trouble of={latest} />
      <Show when={latest.value() && all().length === 0}>
        <Empty icon="bell" level="h2" title={text.notifications.emptyTitle} text={text.notifications.emptyText} />
      </Show>
      <ul aria-label={text.notifications.title} ref={(el) => onCleanup(roving(el))}>
        <For each={all()}>{(one) => <Row told={one} fresh={fresh.has(one.id)} />}</For>
      </ul>
      <Show when={next()}>
        <button type="button" class="btn" onClick={more}>
          {text.common.more}
        </button>
      </Show>
    </div>
  );
}

function Row(props: { told: Notification; fresh: boolean }) {
  const when = () => (isToday(props.told.at_us) ? timeOfDay : dayOf)(props.told.at_us);
  return (
    <li class="person tall" data-row={props.told.id} classList={{ unread: props.fresh }}>
      <Avatar name={props.told.from.username} url={props.told.from.avatar_url} size={40} />
      <span class="grow">
        <a class="line" href={placeOf(props.told)}>
          {wordsOf(props.told)}
        </a>
        <Show when={props.told.excerpt}>
          <span class="line cut soft small">{props.told.excerpt}</span>
        </Show>
        <span class="line soft small">{when()}</span>
      </span>
    </li>
  );
}
