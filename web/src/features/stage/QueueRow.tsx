import { type Accessor, Show } from "solid-js";
import { text } from "../../i18n/en";
import type { QueueItem } from "../../protocol";
import type { Stage } from "../../stage/stage";
import { attempt } from "../../state/notices";
import { clock } from "../../ui/format";
import { Icon } from "../../ui/Icon";
import { Menu, MenuItem } from "../../ui/Menu";
import { Cover } from "../../ui/Picture";
import type { Slot } from "../../ui/Rows";

/** `.queue-row` in stage.css has this height. */
export const QUEUE_ROW_PX = 56;

export function QueueRow(props: {
  stage: Stage;
  item: Accessor<QueueItem>;
  slot: Slot;
  current: boolean;
  edits: boolean;
  takes: boolean;
  steers: boolean;
  onPlay(): void;
  onMove(by: 1 | -1): void;
  onRemove(): void;
}) {
  const song = () => props.item().song;
  const votes = () => props.item().votes;
  return (
    <li
      {...props.slot}
      class="queue-row"
      classList={{ current: props.current }}
      aria-current={props.current ? "true" : undefined}
      aria-label={text.queue.row(song().title, song().artist)}
      onDblClick={() => props.steers && props.onPlay()}
    >
      <Cover url={song().cover_url} name={song().title} />
      <span class="grow">
        <span class="line cut title">{song().title}</span>
        <span class="line cut soft small">
          {song().artist} <span class="adder">· {props.item().added_by.username}</span>
        </span>
      </span>
      <Show when={props.current}>
        <span class="wave" aria-hidden="true">
          <i />
          <i />
          <i />
        </span>
      </Show>
      <button
        type="button"
        hidden={!props.stage.state()?.you.can.includes("vote")}
        class="btn icon-only vote"
        classList={{ counted: votes() > 0 }}
        aria-label={text.queue.voteFor(song().title, votes())}
        onClick={() => attempt(() => props.stage.vote(props.item().entry))}
      >
        <Icon name="up" size={16} />
        <Show when={votes() > 0}>
          <span class="num small">{votes()}</span>
        </Show>
      </button>
      <span class="soft small num length">{clock(song().duration_us)}</span>
      <Show when={props.takes || props.steers}>
        <Menu label={text.library.songActions(song().title)}>
          <Show when={props.steers && !props.current}>
            <MenuItem icon="play" onSelect={props.onPlay}>
              {text.queue.playNow}
            </MenuItem>
          </Show>
          <Show when={props.edits}>
            <MenuItem icon="up" onSelect={() => props.onMove(-1)}>
              {text.queue.moveUp}
            </MenuItem>
            <MenuItem icon="down" onSelect={() => props.onMove(1)}>
              {text.queue.moveDown}
            </MenuItem>
          </Show>
          <Show when={props.takes}>
            <MenuItem icon="trash" danger onSelect={props.onRemove}>
              {text.common.remove}
            </MenuItem>
          </Show>
        </Menu>
      </Show>
    </li>
  );
}
