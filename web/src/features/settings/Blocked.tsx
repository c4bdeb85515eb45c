import { For, onCleanup, Show } from "solid-js";
import { people as say } from "../../i18n/people";
import { api, told } from "../../net/client";
import { Trouble } from "../../shell/Trouble";
import { createFetched } from "../../state/fetched";
import { attempt, toast } from "../../state/notices";
import { Avatar } from "../../ui/Picture";
import { roving } from "../../ui/roving";

const SHOWN = 200;

/** Who is blocked, and a way to lift that. */
export function Blocked() {
  const blocked = createFetched(
    () => true,
    () => told(api.GET("/api/v1/blocks", { params: { query: { limit: SHOWN } } })),
  );
  async function lift(username: string): Promise<void> {
    if (!(await attempt(() => api.DELETE("/api/v1/blocks/{username}", { params: { path: { username } } })))) return;
    toast(say.unblocked(username));
    void blocked.again();
  }
  return (
    <>
      <Trouble of={blocked} />
      <Show when={blocked.value()}>
        <ul aria-label={say.blocked} ref={(el) => onCleanup(roving(el))}>
          <For each={blocked.value()?.items} fallback={<li class="soft">{say.nobodyBlocked}</li>}>
            {(who) => (
              <li class="person tall" data-row={who.id}>
                <Avatar name={who.username} url={who.avatar_url} size={32} />
                <a class="grow cut" href={`/u/${encodeURIComponent(who.username)}`}>
                  {who.username}
                </a>
                <button type="button" class="btn" aria-label={say.unblockOf(who.username)} onClick={() => lift(who.username)}>
                  {say.unblock}
                </button>
              </li>
            )}
          </For>
        </ul>
      </Show>
    </>
  );
}
