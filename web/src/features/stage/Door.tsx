import { Show } from "solid-js";
import { text } from "../../i18n/en";
import { api, orNone, told } from "../../net/client";
import type { User } from "../../protocol";
import { query } from "../../routes";
import { Trouble } from "../../shell/Trouble";
import { createFetched } from "../../state/fetched";
import { preferences } from "../../state/preferences";
import { Cover } from "../../ui/Picture";
import { SignIn } from "../sign-in/SignIn";

/** What a stage shows to who is outside. */
interface Outside {
  name: string;
  host: User;
  cover_url: string | null;
  plays: string | null;
  /** Who invites. */
  by: User | null;
}

/** The stage from outside; a closed one is shown to who has an invitation. Null where neither shows anything. */
async function fromOutside(id: number, code: string | null): Promise<Outside | null> {
  const door = code ? await orNone(told(api.GET("/api/v1/invites/{code}", { params: { path: { code } } }))) : null;
  if (door?.stage.id === id)
    return { name: door.stage.name, cover_url: door.stage.cover_url ?? null, host: door.host, by: door.by, plays: null };
  const stage = await orNone(told(api.GET("/api/v1/stages/{id}", { params: { path: { id } } })));
  return (
    stage && {
      ...stage,
      cover_url: stage.cover_url ?? stage.now_playing?.cover_url ?? null,
      by: null,
      plays: stage.now_playing?.title ?? null,
    }
  );
}

/** What a guest sees: the stage, and the way in. */
export function Door(props: { id: number }) {
  const invite = () => query().get("invite");
  const outside = createFetched(
    () => ({ id: props.id, invite: invite() }),
    (door) => fromOutside(door.id, door.invite),
  );
  const about = () => {
    const stage = outside.value();
    if (stage?.by) return text.sign.invitedBy(stage.by.username);
    if (invite() && stage === null) return text.sign.invitationShut;
    return text.sign.first;
  };
  return (
    <div class="page">
      <div class="sign">
        <Trouble of={outside} />
        <Show when={outside.value()}>
          {(stage) => (
            <div class="row door">
              <Cover url={stage().cover_url} name={stage().name} />
              <div class="grow">
                <h1>{stage().name}</h1>
                <p class="soft">{text.lobby.hostedBy(stage().host.username)}</p>
                <p class="small cut">{stage().plays}</p>
              </div>
            </div>
          )}
        </Show>
        <p class="soft">{about()}</p>
        <SignIn new={!preferences.known()} level={outside.value() ? "h2" : "h1"} />
      </div>
    </div>
  );
}
