import { Match, Show, Switch } from "solid-js";
import { speaker as words } from "../../i18n/speaker";
import { api } from "../../net/client";
import type { Stage } from "../../stage/stage";
import { attempt } from "../../state/notices";
import { preferences } from "../../state/preferences";
import { otherSpeaker } from "../../state/speaker";
import { Icon } from "../../ui/Icon";

/** Who alone sounds from now on; null: everybody. */
export const letSound = (stage: number, speaker: number | null) =>
  attempt(() => api.PATCH("/api/v1/stages/{id}", { params: { path: { id: stage } }, body: { speaker } }));

/** Stands for the loudness where this device does not sound. */
export function Silent(props: { stage: Stage }) {
  const speaker = () => otherSpeaker(props.stage);
  const isHere = () => props.stage.state()?.participants.some((who) => who.id === speaker()?.id) ?? false;
  return (
    <div class="sound silent">
      <Switch>
        <Match when={preferences.remote()}>
          <button type="button" class="btn" onClick={() => preferences.setRemote(false)}>
            <Icon name="volume" />
            {words.soundHere}
          </button>
          <span class="soft small" role="status">
            {words.remote}
          </span>
        </Match>
        <Match when={speaker()}>
          {(who) => (
            <>
              <Show when={props.stage.state()?.you.can.includes("manage")} fallback={<Icon name="muted" />}>
                <button type="button" class="btn" onClick={() => letSound(props.stage.id, null)}>
                  <Icon name="volume" />
                  {words.all}
                </button>
              </Show>
              <span class="soft small" role="status">
                {isHere() ? words.only(who().username) : words.away(who().username)}
              </span>
            </>
          )}
        </Match>
      </Switch>
    </div>
  );
}
