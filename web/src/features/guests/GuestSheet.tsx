import { createSignal, For, onCleanup, Show } from "solid-js";
import { guests as say } from "../../i18n/guests";
import { invitations } from "../../i18n/invitations";
import { api, type GuestLink, told } from "../../net/client";
import type { GuestRight } from "../../protocol";
import { Trouble } from "../../shell/Trouble";
import { WhatIsWrong } from "../../shell/WhatIsWrong";
import type { Stage } from "../../stage/stage";
import { createFetched } from "../../state/fetched";
import { attempt, toast } from "../../state/notices";
import { createSending } from "../../state/sending";
import { confirm, Dialog } from "../../ui/Dialog";
import { Choice, createText, Field } from "../../ui/Field";
import { LinkField } from "../../ui/LinkField";
import { QrCode } from "../../ui/QrCode";
import { roving } from "../../ui/roving";
import { LIFETIME_S, type Lifetime, peopleOf, stateOf } from "../stage/invitations";
import "../../styles/guests.css";

const RIGHTS = ["chat", "add", "vote"] as const;

/** How people without an account come in: a link with its code, what it lets them do, and the way home. */
export function GuestSheet(props: { stage: Stage; onClose(): void }) {
  const path = () => ({ id: props.stage.id });
  const links = createFetched(
    () => props.stage.id,
    () => told(api.GET("/api/v1/stages/{id}/guest-links", { params: { path: path() } })),
  );
  async function revoke(link: GuestLink): Promise<void> {
    const of = { ...path(), link_id: link.id };
    if (!(await attempt(() => api.DELETE("/api/v1/stages/{id}/guest-links/{link_id}", { params: { path: of } })))) return;
    toast(invitations.revoked);
    void links.again();
  }
  const may = (rights: readonly GuestRight[]) =>
    say.sheet.may(new Intl.ListFormat("en").format(rights.map((right) => say.sheet.words[right])));
  return (
    <Dialog title={say.sheet.title} onClose={props.onClose}>
      <p class="soft">{say.sheet.hint}</p>
      <NewLink stage={props.stage.id} onMade={() => void links.again()} />
      <Trouble of={links} />
      <Show when={links.value()}>
        <ul aria-label={say.sheet.links} ref={(el) => onCleanup(roving(el))}>
          <For each={links.value()?.items} fallback={<li class="soft">{say.sheet.none}</li>}>
            {(link) => (
              <li class="person tall" data-row={link.id}>
                <span class="grow">
                  <span class="line cut">{may(link.rights)}</span>
                  <span class="line soft small">{stateOf(link)}</span>
                </span>
                <button
                  type="button"
                  class="btn"
                  aria-label={invitations.revokeOf(may(link.rights))}
                  onClick={() => revoke(link)}
                >
                  {invitations.revoke}
                </button>
              </li>
            )}
          </For>
        </ul>
      </Show>
      <WayHome stage={props.stage} />
    </Dialog>
  );
}

function NewLink(props: { stage: number; onMade(): void }) {
  const [rights, setRights] = createSignal<readonly GuestRight[]>(["listen", "chat", "vote"]);
  const [lives, setLives] = createSignal<Lifetime>("day");
  const uses = createText("");
  const [link, setLink] = createSignal<string>();
  const form = createSending(["max_uses"], async () => {
    const body = { rights: [...rights()], expires_in_s: LIFETIME_S[lives()], max_uses: peopleOf(uses()) };
    const made = await told(api.POST("/api/v1/stages/{id}/guest-links", { params: { path: { id: props.stage } }, body }));
    setLink(location.origin + made.url);
    props.onMade();
  });
  const turn = (right: GuestRight, on: boolean) =>
    setRights((all) => [...all.filter((r) => r !== right), ...(on ? [right] : [])]);
  return (
    <form class="stack" onSubmit={form.submit}>
      <Show when={link()} keyed>
        {(made) => (
          <div class="guest-code">
            <QrCode of={made} label={say.sheet.code} />
            <LinkField label={say.sheet.link} link={made} />
          </div>
        )}
      </Show>
      <fieldset class="choices">
        <legend>{say.sheet.rights}</legend>
        <For each={RIGHTS}>
          {(right) => (
            <label class="choice">
              <input
                type="checkbox"
                checked={rights().includes(right)}
                onChange={(event) => turn(right, event.currentTarget.checked)}
              />
              <span>{say.sheet.right[right]}</span>
            </label>
          )}
        </For>
      </fieldset>
      <Choice label={invitations.lives} options={invitations.lifetimes} value={lives()} onChange={setLives} />
      <Field label={say.sheet.people} name="max_uses" type="number" of={uses} hint={say.sheet.peopleHint} form={form} />
      <WhatIsWrong form={form} />
      <button type="submit" class="btn primary self-start" disabled={form.busy()}>
        {say.sheet.make}
      </button>
    </form>
  );
}

function WayHome(props: { stage: Stage }) {
  const path = () => ({ params: { path: { id: props.stage.id } } });
  const welcome = () => props.stage.state()?.stage.guests.includes("listen") ?? true;
  const manages = () => props.stage.state()?.you.can.includes("manage") ?? false;
  async function home(): Promise<void> {
    if (!(await confirm(say.sheet.home, say.sheet.homeSure, say.sheet.home))) return;
    if (await attempt(() => api.DELETE("/api/v1/stages/{id}/guests", path()))) toast(say.sheet.homeDone);
  }
  async function turn(): Promise<void> {
    const guests: GuestRight[] = welcome() ? [] : ["listen", "chat", "add", "vote"];
    if (!(await attempt(() => api.PATCH("/api/v1/stages/{id}", { ...path(), body: { guests } })))) return;
    toast(guests.length > 0 ? say.sheet.onDone : say.sheet.offDone);
  }
  return (
    <section class="row wrap" aria-label={say.sheet.stage}>
      <button type="button" class="btn" onClick={home}>
        {say.sheet.home}
      </button>
      <Show when={manages()}>
        <button type="button" class="btn" onClick={turn}>
          {welcome() ? say.sheet.off : say.sheet.on}
        </button>
      </Show>
    </section>
  );
}
