import { For, onCleanup, Show } from "solid-js";
import { text } from "../../i18n/en";
import { api, told } from "../../net/client";
import { Trouble } from "../../shell/Trouble";
import { createFetched } from "../../state/fetched";
import { attempt, toast } from "../../state/notices";
import { confirm, Dialog } from "../../ui/Dialog";
import { dayOf } from "../../ui/format";
import { Avatar } from "../../ui/Picture";
import { roving } from "../../ui/roving";

/** Who may not come into the stage, and a way to let them in again. */
export function Bans(props: { stage: number; onClose(): void }) {
  const bans = createFetched(
    () => props.stage,
    (id) => told(api.GET("/api/v1/stages/{id}/bans", { params: { path: { id }, query: { limit: 200 } } })),
  );
  async function lift(who: string): Promise<void> {
    const words = text.people.bans;
    if (!(await confirm(words.lift(who), words.liftSure, words.liftShort))) return;
    if (
      !(await attempt(() =>
        api.DELETE("/api/v1/stages/{id}/bans/{username}", { params: { path: { id: props.stage, username: who } } }),
      ))
    )
      return;
    toast(words.lifted(who));
    void bans.again();
  }
  return (
    <Dialog title={text.people.bans.title} onClose={props.onClose}>
      <Trouble of={bans} />
      <Show when={bans.value()}>
        <ul aria-label={text.people.bans.title} ref={(el) => onCleanup(roving(el))}>
          <For each={bans.value()?.items} fallback={<li class="soft">{text.people.bans.none}</li>}>
            {({ user, at_us, by }) => (
              <li class="person tall" data-row={user.id}>
                <Avatar name={user.username} url={user.avatar_url} size={28} />
                <span class="grow">
                  <span class="line cut">{user.username}</span>
                  <span class="line cut soft small">
                    {text.people.bans.by(by?.username ?? null, at_us == null ? null : dayOf(at_us))}
                  </span>
                </span>
                <button
                  type="button"
                  class="btn"
                  aria-label={text.people.bans.lift(user.username)}
                  onClick={() => lift(user.username)}
                >
                  {text.people.bans.liftShort}
                </button>
              </li>
            )}
          </For>
        </ul>
      </Show>
    </Dialog>
  );
}
