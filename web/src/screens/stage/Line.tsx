import { type JSX, Match, Show, Switch } from "solid-js";
import { explain } from "../../app/errors";
import { attempt } from "../../app/notices";
import type { ChatLine } from "../../protocol";
import type { OutgoingLine } from "../../stage/outgoing";
import type { Room } from "../../stage/room";
import { text } from "../../text";
import { timeOfDay } from "../../ui/format";
import { Icon } from "../../ui/Icon";
import { Menu, MenuItem } from "../../ui/Menu";
import { Avatar } from "../../ui/Picture";

const LINK = /(https?:\/\/[^\s<>"]+[^\s<>".,;:!?)\]])/;

/** Addresses become links; nothing else in a line is anything but text. */
function words(said: string): JSX.Element[] {
  return said.split(LINK).map((part, i) =>
    i % 2 === 1 ? (
      <a href={part} target="_blank" rel="noreferrer noopener">
        {part}
      </a>
    ) : (
      part
    ),
  );
}

export function SaidLine(props: {
  room: Room;
  line: ChatLine;
  /** Whether name and picture stand above it. */
  head: boolean;
  answered: ChatLine | undefined;
  onReply(): void;
  onEdit(): void;
}) {
  const mine = () => props.line.from.id === props.room.me.id;
  const mayErase = () => mine() || (props.room.state()?.you.can.includes("moderate") ?? false);
  return (
    <li class="said" classList={{ head: props.head }}>
      <Show when={props.head} fallback={<time class="at soft num">{timeOfDay(props.line.at_us)}</time>}>
        <Avatar name={props.line.from.username} url={props.line.from.avatar_url} />
      </Show>
      <div class="grow">
        <Show when={props.head}>
          <p class="who">
            <a href={`/u/${props.line.from.username}`}>{props.line.from.username}</a>
            <time class="soft small num">{timeOfDay(props.line.at_us)}</time>
          </p>
        </Show>
        <Show when={props.line.reply_to !== undefined}>
          <p class="quote soft small cut">
            <strong>{props.answered?.from.username}</strong> {props.answered?.deleted ? text.chat.deleted : (props.answered?.text ?? "…")}
          </p>
        </Show>
        <Show when={!props.line.deleted} fallback={<p class="soft erased">{text.chat.deleted}</p>}>
          <p class="text">
            {words(props.line.text)}
            <Show when={props.line.edited_us}>
              <span class="soft small"> ({text.chat.edited})</span>
            </Show>
          </p>
        </Show>
      </div>
      <Show when={!props.line.deleted}>
        <span class="line-actions">
          <Menu label={text.chat.actions}>
            <MenuItem icon="reply" onSelect={props.onReply}>
              {text.chat.reply}
            </MenuItem>
            <Show when={mine()}>
              <MenuItem icon="edit" onSelect={props.onEdit}>
                {text.common.edit}
              </MenuItem>
            </Show>
            <Show when={mayErase()}>
              <MenuItem icon="trash" danger onSelect={() => attempt(() => props.room.erase(props.line.seq))}>
                {text.common.delete}
              </MenuItem>
            </Show>
          </Menu>
        </span>
      </Show>
    </li>
  );
}

/** A line that is not in the conversation yet. */
export function PendingLine(props: { room: Room; line: OutgoingLine }) {
  return (
    <li class="said pending head" classList={{ failed: props.line.status === "failed" }}>
      <Avatar name={props.room.me.username} url={props.room.me.avatar_url} />
      <div class="grow">
        <p class="who">{props.room.me.username}</p>
        <p class="text">{props.line.text}</p>
        <Switch>
          <Match when={props.line.status === "waiting"}>
            <p class="soft small">{text.chat.waiting}</p>
          </Match>
          <Match when={props.line.status === "failed"}>
            <p class="wrong small" role="alert">
              {text.chat.notSent} {explain(props.line.error)}{" "}
            </p>
            <span class="row">
              <button type="button" class="btn" onClick={() => props.room.sayAgain(props.line.nonce)}>
                {text.chat.sendAgain}
              </button>
              <button type="button" class="btn plain" onClick={() => props.room.forget(props.line.nonce)}>
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
