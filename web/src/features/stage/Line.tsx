import { createMemo, For, type JSX, Match, Show, Switch } from "solid-js";
import { text } from "../../i18n/en";
import type { ChatLine } from "../../protocol";
import { above, lineOf } from "../../stage/lines";
import { isCalled, pieces } from "../../stage/mentions";
import type { OutgoingLine } from "../../stage/outgoing";
import type { Stage } from "../../stage/stage";
import { explain } from "../../state/errors";
import { attempt } from "../../state/notices";
import { dayOf, sameDay, timeOfDay } from "../../ui/format";
import { Icon } from "../../ui/Icon";
import { Menu, MenuItem } from "../../ui/Menu";
import { Avatar } from "../../ui/Picture";
import { isToday } from "../../ui/today";

const LINK = /(https?:\/\/[^\s<>"]+[^\s<>".,;:!?)\]])/;

/** Addresses become links, and who is called stands out; nothing else in a line is anything but text. */
function words(said: string, me: string): JSX.Element[] {
  return said.split(LINK).map((part, i) =>
    i % 2 === 1 ? (
      <a href={part} target="_blank" rel="noreferrer noopener">
        {part}
      </a>
    ) : (
      <For each={pieces(part)}>
        {({ text, name }) =>
          name === undefined ? (
            text
          ) : (
            <span class="call" classList={{ me: isCalled(name, me) }}>
              {text}
            </span>
          )
        }
      </For>
    ),
  );
}

/** Lines of one person within this time stand together under one name. */
const TOGETHER_US = 5 * 60 * 1_000_000;

const startsGroup = (line: ChatLine, before: ChatLine | undefined): boolean =>
  !before || before.from.id !== line.from.id || line.at_us - before.at_us > TOGETHER_US || line.reply_to !== undefined;

/** A line of the conversation by its number, and the day above it if it is the day's first. */
export function SaidLine(props: {
  stage: Stage;
  chats: readonly ChatLine[];
  seq: number;
  onReply(line: ChatLine): void;
  onEdit(line: ChatLine): void;
}) {
  const place = createMemo(() => above(props.chats, props.seq) - 1);
  const line = createMemo<ChatLine>((known) => lineOf(props.chats, props.seq) ?? known, props.chats[place()] as ChatLine);
  const before = createMemo(() => props.chats[place() - 1]);
  const head = createMemo(() => startsGroup(line(), before()));
  const day = createMemo(() => !sameDay(before()?.at_us ?? 0, line().at_us));
  const answered = createMemo(() => {
    const to = line().reply_to;
    return to === undefined ? undefined : lineOf(props.chats, to);
  });
  const mine = () => line().from.id === props.stage.me.id;
  const mayErase = () => mine() || (props.stage.state()?.you.can.includes("moderate") ?? false);
  return (
    <>
      <Show when={day()}>
        <li class="day soft small">{isToday(line().at_us) ? text.chat.today : dayOf(line().at_us)}</li>
      </Show>
      <li class="said" classList={{ head: head() }} data-row={props.seq}>
        <Show when={head()} fallback={<time class="at soft num">{timeOfDay(line().at_us)}</time>}>
          <Avatar name={line().from.username} url={line().from.avatar_url} />
        </Show>
        <div class="grow">
          <Show when={head()}>
            <p class="who">
              <a href={`/u/${encodeURIComponent(line().from.username)}`}>{line().from.username}</a>
              <time class="soft small num">{timeOfDay(line().at_us)}</time>
            </p>
          </Show>
          <Show when={line().reply_to !== undefined}>
            <p class="quote soft small cut">
              <strong>{answered()?.from.username}</strong> {answered()?.deleted ? text.chat.deleted : (answered()?.text ?? "…")}
            </p>
          </Show>
          <Show when={!line().deleted} fallback={<p class="soft erased">{text.chat.deleted}</p>}>
            <p class="text">
              {words(line().text, props.stage.me.username)}
              <Show when={line().edited_us}>
                <span class="soft small"> ({text.chat.edited})</span>
              </Show>
            </p>
          </Show>
        </div>
        <Show when={!line().deleted}>
          <span class="line-actions">
            <Menu label={text.chat.actionsFor(line().from.username, timeOfDay(line().at_us))}>
              <MenuItem icon="reply" onSelect={() => props.onReply(line())}>
                {text.chat.reply}
              </MenuItem>
              <Show when={mine()}>
                <MenuItem icon="edit" onSelect={() => props.onEdit(line())}>
                  {text.common.edit}
                </MenuItem>
              </Show>
              <Show when={mayErase()}>
                <MenuItem icon="trash" danger onSelect={() => attempt(() => props.stage.erase(props.seq))}>
                  {text.common.delete}
                </MenuItem>
              </Show>
            </Menu>
          </span>
        </Show>
      </li>
    </>
  );
}

/** A line that is not in the conversation yet. */
export function PendingLine(props: { stage: Stage; line: OutgoingLine }) {
  return (
    <li class="said pending head" data-row={props.line.nonce} classList={{ failed: props.line.status === "failed" }}>
      <Avatar name={props.stage.me.username} url={props.stage.me.avatar_url} />
      <div class="grow">
        <p class="who">{props.stage.me.username}</p>
        <p class="text">{props.line.text}</p>
        <Switch>
          <Match when={props.line.status === "waiting"}>
            <p class="soft small">{text.chat.waiting}</p>
          </Match>
          <Match when={props.line.status === "failed"}>
            <p class="wrong small" role="alert">
              {text.chat.notSent} {props.line.error !== null && explain(props.line.error)}
            </p>
            <span class="row">
              <button type="button" class="btn" onClick={() => props.stage.sayAgain(props.line.nonce)}>
                {text.chat.sendAgain}
              </button>
              <button type="button" class="btn plain" onClick={() => props.stage.forget(props.line.nonce)}>
                <Icon name="close" size={16} />
                {text.chat.discard}
              </button>
            </span>
          </Match>
        </Switch>
      </div>
    </li>
  );
}
