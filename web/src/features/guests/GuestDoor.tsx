import { Show } from "solid-js";
import { text } from "../../i18n/en";
import { guests as say } from "../../i18n/guests";
import { api, type GuestDoor as Outside, orNone, told } from "../../net/client";
import { navigate } from "../../routes";
import { Trouble } from "../../shell/Trouble";
import { WhatIsWrong } from "../../shell/WhatIsWrong";
import { createFetched } from "../../state/fetched";
import { attempt } from "../../state/notices";
import { createSending } from "../../state/sending";
import { enterAnew, me } from "../../state/session";
import { createText, Field } from "../../ui/Field";
import { Icon } from "../../ui/Icon";
import { Cover } from "../../ui/Picture";
import { Empty } from "../../ui/parts";
import "../../styles/guests.css";

/** What a link for guests opens: one look at who is there, a name, and in. */
export function GuestDoorScreen(props: { code: string }) {
  const door = createFetched(
    () => props.code,
    (code) => orNone(told(api.GET("/api/v1/guest-links/{code}", { params: { path: { code } } }))),
  );
  /** Whoever is in already, by this link or another one, needs no name. */
  const isIn = (stage: number) => me()?.guest_of?.stage === stage;
  return (
    <div class="page">
      <Trouble of={door} />
      <Show when={door.value() === null}>
        <Empty icon="room" level="h1" title={say.door.gone} text={say.door.goneHint}>
          <a class="btn" href="/">
            {text.stage.toLobby}
          </a>
        </Empty>
      </Show>
      <Show when={door.value()}>
        {(outside) => (
          <article class="guest-door">
            <Cover
              url={outside().now_playing?.cover_url ?? outside().stage.cover_url ?? null}
              name={outside().stage.name}
              eager
            />
            <div class="stack">
              <h1>{outside().stage.name}</h1>
              <p class="soft">{text.lobby.hostedBy(outside().host.username)}</p>
              <p>{whoHears(outside())}</p>
              <Show when={me() && (!me()?.guest || isIn(outside().stage.id))} fallback={<Come code={props.code} />}>
                <p class="soft">{say.door.known(me()?.username ?? "")}</p>
                <button type="button" class="btn primary" onClick={() => goesIn(props.code, outside().stage.id)}>
                  {say.door.enter}
                </button>
              </Show>
            </div>
          </article>
        )}
      </Show>
    </div>
  );
}

/** Somebody with an account, or a guest who is in already; a stage that is closed opens to the former. */
async function goesIn(code: string, stage: number): Promise<void> {
  const accept = () => told(api.POST("/api/v1/invites/{code}/accept", { params: { path: { code } } }));
  if (me()?.guest || (await attempt(accept))) navigate(`/s/${stage}`, { replace: true });
}

function whoHears({ names, listeners, now_playing }: Outside): string {
  if (listeners === 0) return say.door.alone;
  const who = say.door.lead(names, listeners);
  return now_playing ? say.door.hears(who, now_playing.title, now_playing.artist) : say.door.there(who);
}

function Come(props: { code: string }) {
  const name = createText("");
  const form = createSending(["name"], async () => {
    const enter = { params: { path: { code: props.code } }, body: { name: name().trim() } };
    const { stage } = await enterAnew(() => told(api.POST("/api/v1/guest-links/{code}/enter", enter)));
    navigate(`/s/${stage.id}`, { replace: true });
  });
  return (
    <form class="stack" onSubmit={form.submit}>
      <Field
        label={say.door.name}
        name="name"
        autocomplete="nickname"
        of={name}
        hint={say.door.nameHint}
        form={form}
        required
        autofocus
      />
      <WhatIsWrong form={form} />
      <button type="submit" class="btn primary large" disabled={form.busy()}>
        <Icon name="play" filled />
        {say.door.listen}
      </button>
      <a class="soft small self-start" href="/sign-in">
        {say.door.account}
      </a>
    </form>
  );
}
