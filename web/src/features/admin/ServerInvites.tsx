import { createSignal, For, onCleanup, Show } from "solid-js";
import { invitations as say } from "../../i18n/invitations";
import { api, told } from "../../net/client";
import { Trouble } from "../../shell/Trouble";
import { WhatIsWrong } from "../../shell/WhatIsWrong";
import { createFetched } from "../../state/fetched";
import { attempt, toast } from "../../state/notices";
import { createSending } from "../../state/sending";
import { me, server } from "../../state/session";
import { Choice, createText, Field } from "../../ui/Field";
import { dayOf } from "../../ui/format";
import { LinkField } from "../../ui/LinkField";
import { Empty } from "../../ui/parts";
import { roving } from "../../ui/roving";
import { LIFETIME_S, type Lifetime, peopleOf, stateOf } from "../stage/invitations";

const SHOWN = 200;

/** For administrators: links by which people make an account here. */
export function ServerInvitesScreen() {
  return (
    <div class="page narrow">
      <Show
        when={me()?.is_admin}
        fallback={<Empty icon="link" level="h1" title={say.server.title} text={say.server.onlyAdmins} />}
      >
        <ServerInvites />
      </Show>
    </div>
  );
}

function ServerInvites() {
  const list = createFetched(
    () => true,
    () => told(api.GET("/api/v1/admin/invites", { params: { query: { limit: SHOWN } } })),
  );
  async function revoke(id: number): Promise<void> {
    if (!(await attempt(() => api.DELETE("/api/v1/admin/invites/{id}", { params: { path: { id } } })))) return;
    toast(say.revoked);
    void list.again();
  }
  return (
    <div class="stack">
      <h1>{say.server.title}</h1>
      <p class="soft">{say.server.hint[server()?.registration ?? "invite"]}</p>
      <NewInvite onMade={() => void list.again()} />
      <Trouble of={list} />
      <Show when={list.value()}>
        <ul aria-label={say.server.title} ref={(el) => onCleanup(roving(el))}>
          <For each={list.value()?.items} fallback={<li class="soft">{say.server.none}</li>}>
            {(invite) => (
              <li class="person tall" data-row={invite.id}>
                <span class="grow">
                  <span class="line">{stateOf(invite)}</span>
                  <span class="line cut soft small">
                    {dayOf(invite.created_us)} · {say.server.by(invite.by ?? null)}
                  </span>
                </span>
                <button type="button" class="btn" aria-label={say.revokeOf(stateOf(invite))} onClick={() => revoke(invite.id)}>
                  {say.revoke}
                </button>
              </li>
            )}
          </For>
        </ul>
      </Show>
    </div>
  );
}

function NewInvite(props: { onMade(): void }) {
  const uses = createText("1");
  const [lives, setLives] = createSignal<Lifetime>("week");
  const [link, setLink] = createSignal<string>();
  const form = createSending(["max_uses"], async () => {
    setLink(undefined);
    const body = { expires_in_s: LIFETIME_S[lives()], max_uses: peopleOf(uses()) };
    const made = await told(api.POST("/api/v1/admin/invites", { body }));
    setLink(location.origin + made.url);
    props.onMade();
  });
  return (
    <form class="card stack" onSubmit={form.submit}>
      <Choice label={say.lives} options={say.lifetimes} value={lives()} onChange={setLives} />
      <Field label={say.uses} name="max_uses" type="number" of={uses} form={form} required />
      <WhatIsWrong form={form} />
      <button type="submit" class="btn primary self-start" disabled={form.busy()}>
        {say.server.make}
      </button>
      <Show when={link()} keyed>
        {(made) => <LinkField label={say.server.link} link={made} />}
      </Show>
    </form>
  );
}
