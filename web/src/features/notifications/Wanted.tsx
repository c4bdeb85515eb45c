import { For, Show } from "solid-js";
import { text } from "../../i18n/en";
import { api, told } from "../../net/client";
import type { NotificationKind } from "../../protocol";
import { Trouble } from "../../shell/Trouble";
import { createFetched } from "../../state/fetched";
import { attempt } from "../../state/notices";

/** Which kinds of notifications one wants. */
export function Wanted() {
  const settings = createFetched(
    () => true,
    () => told(api.GET("/api/v1/notifications/settings")),
  );
  const set = async (kind: NotificationKind, wanted: boolean) => {
    await attempt(() => api.PATCH("/api/v1/notifications/settings", { body: { [kind]: wanted } }));
    void settings.again();
  };
  return (
    <fieldset class="stack wanted">
      <legend>{text.notifications.wanted}</legend>
      <Trouble of={settings} />
      <Show when={settings.value()}>
        {(known) => (
          <For each={Object.entries(text.notifications.names) as [NotificationKind, string][]}>
            {([kind, name]) => (
              <label class="row">
                <input type="checkbox" checked={known()[kind]} onChange={(event) => set(kind, event.currentTarget.checked)} />
                {name}
              </label>
            )}
          </For>
        )}
      </Show>
    </fieldset>
  );
}
