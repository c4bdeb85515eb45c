import { createSignal, For, onCleanup, Show } from "solid-js";
import { invitations as say } from "../../i18n/invitations";
import { api, type StageInvite, told } from "../../net/client";
import { Trouble } from "../../shell/Trouble";
import { WhatIsWrong } from "../../shell/WhatIsWrong";
import { createFetched } from "../../state/fetched";
import { attempt, toast } from "../../state/notices";
import { createSending } from "../../state/sending";
import { me } from "../../state/session";
import { Dialog } from "../../ui/Dialog";
import { Choice, createText, Field } from "../../ui/Field";
import { LinkField } from "../../ui/LinkField";
import { roving } from "../../ui/roving";
import { LIFETIME_S, type Lifetime, peopleOf, stateOf } from "./invitations";

const SHOWN = 200;

/** Who is invited into the stage, and ways to invite more and to call that back. */
export function Invitations(props: { stage: number; onClose(): void }) {
  const params = () => ({ path: { id: props.stage } });
  const list = createFetched(
    () => props.stage,
    () => told(api.GET("/api/v1/stages/{id}/invites", { params: { ...params(), query: { limit: SHOWN } } })),
  );
  async function revoke(invite: StageInvite): Promise<void> {
    const path = { id: props.stage, invite_id: invite.id };
    if (!(await attempt(() => api.DELETE("/api/v1/stages/{id}/invites/{invite_id}", { params: { path } })))) return;
    toast(say.revoked);
    void list.again();
  }
  const whom = (invite: StageInvite) => invite.user?.username ?? say.stage.anybody;
  return (
    <Dialog title={say.stage.title} onClose={props.onClose}>
      <NewInvite stage={props.stage} onMade={() => void list.again()} />
      <Trouble of={list} />
      <Show when={list.value()}>
        <ul aria-label={say.stage.title} ref={(el) => onCleanup(roving(el))}>
          <For each={list.value()?.items} fallback={<li class="soft">{say.stage.none}</li>}>
            {(invite) => (
              <li class="person tall" data-row={invite.id}>
                <span class="grow">
                  <span class="line cut">
                    {whom(invite)}
                    <Show when={invite.by.id !== me()?.id}>
                      <span class="soft"> {say.stage.by(invite.by.username)}</span>
                    </Show>
                  </span>
                  <span class="line soft small">{stateOf(invite)}</span>
                </span>
                <button type="button" class="btn" aria-label={say.revokeOf(whom(invite))} onClick={() => revoke(invite)}>
                  {say.revoke}
                </button>
              </li>
            )}
          </For>
        </ul>
        <p class="hint">{say.stage.hint}</p>
      </Show>
    </Dialog>
  );
}

type Lives = Lifetime | "forever";
const LIVES: Readonly<Record<Lives, string>> = { ...say.lifetimes, forever: say.forever };

function NewInvite(props: { stage: number; onMade(): void }) {
  const username = createText("");
  const uses = createText("");
  const [lives, setLives] = createSignal<Lives>("week");
  const [link, setLink] = createSignal<string>();
  const form = createSending(["username", "max_uses"], async () => {
    setLink(undefined);
    const life = lives();
    const name = username().trim();
    const body = {
      ...(name ? { username: name } : {}),
      ...(life === "forever" ? {} : { expires_in_s: LIFETIME_S[life] }),
      // What is for somebody is for them alone.
      max_uses: name ? undefined : peopleOf(uses()),
    };
    const made = await told(api.POST("/api/v1/stages/{id}/invites", { params: { path: { id: props.stage } }, body }));
    if (name) toast(say.stage.made(name));
    setLink(location.origin + made.url);
    username.set("");
    props.onMade();
  });
  return (
    <form class="stack" onSubmit={form.submit}>
      <Field label={say.stage.username} name="username" of={username} hint={say.stage.usernameHint} form={form} />
      <Choice label={say.lives} options={LIVES} value={lives()} onChange={setLives} />
      <Show when={!username().trim()}>
        <Field label={say.uses} name="max_uses" type="number" of={uses} hint={say.usesHint} form={form} />
      </Show>
      <WhatIsWrong form={form} />
      <button type="submit" class="btn primary self-start" disabled={form.busy()}>
        {username().trim() ? say.stage.make : say.server.make}
      </button>
      <Show when={link()} keyed>
        {(made) => <LinkField label={say.stage.link} link={made} />}
      </Show>
    </form>
  );
}
