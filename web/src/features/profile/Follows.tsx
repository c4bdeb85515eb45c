import { For, onCleanup, Show } from "solid-js";
import { text } from "../../i18n/en";
import { api, told } from "../../net/client";
import { Trouble } from "../../shell/Trouble";
import { createFetched } from "../../state/fetched";
import { Dialog } from "../../ui/Dialog";
import { Avatar } from "../../ui/Picture";
import { roving } from "../../ui/roving";

export type Side = "followers" | "following";

const SHOWN = 200;

/** Who follows somebody, or whom they follow. */
export function Follows(props: { username: string; side: Side; onClose(): void }) {
  const people = createFetched(
    () => props.side,
    (side) => {
      const of = { params: { path: { username: props.username }, query: { limit: SHOWN } } };
      return told(
        side === "followers"
          ? api.GET("/api/v1/users/{username}/followers", of)
          : api.GET("/api/v1/users/{username}/following", of),
      );
    },
  );
  return (
    <Dialog title={text.profile.sides[props.side]} onClose={props.onClose}>
      <Trouble of={people} />
      <Show when={people.value()}>
        <ul aria-label={text.profile.sides[props.side]} ref={(el) => onCleanup(roving(el))}>
          <For each={people.value()?.items} fallback={<li class="soft">{text.profile.nobody}</li>}>
            {(who) => (
              <li class="person tall" data-row={who.id}>
                <Avatar name={who.username} url={who.avatar_url} size={32} />
                <a class="grow cut" href={`/u/${encodeURIComponent(who.username)}`} onClick={props.onClose}>
                  {who.username}
                </a>
              </li>
            )}
          </For>
        </ul>
      </Show>
    </Dialog>
  );
}
