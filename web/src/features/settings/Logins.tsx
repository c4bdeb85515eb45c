import { For, onCleanup, Show } from "solid-js";
import { text } from "../../i18n/en";
import { api, told } from "../../net/client";
import { Trouble } from "../../shell/Trouble";
import { createFetched } from "../../state/fetched";
import { attempt } from "../../state/notices";
import { dayOf } from "../../ui/format";
import { roving } from "../../ui/roving";

/** Where one is signed in, and a way to end that elsewhere. */
export function Logins() {
  const logins = createFetched(
    () => true,
    () => told(api.GET("/api/v1/auth/sessions")),
  );
  const end = async (id: number) => {
    if (await attempt(() => api.DELETE("/api/v1/auth/sessions/{id}", { params: { path: { id } } }))) void logins.again();
  };
  return (
    <>
      <Trouble of={logins} />
      <ul aria-label={text.logins.title} ref={(el) => onCleanup(roving(el))}>
        <For each={logins.value()?.items}>
          {(login) => (
            <li class="person tall" data-row={login.id}>
              <span class="grow">
                <span class="line cut">{login.device || text.logins.unknown}</span>
                <span class="line cut soft small">
                  {login.current ? text.logins.current : text.logins.last(dayOf(login.last_seen_us))} · {login.address}
                </span>
              </span>
              <Show when={!login.current}>
                <button type="button" class="btn" onClick={() => end(login.id)}>
                  {text.logins.end}
                </button>
              </Show>
            </li>
          )}
        </For>
      </ul>
    </>
  );
}
