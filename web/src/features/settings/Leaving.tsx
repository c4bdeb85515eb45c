import { createSignal, For, Show } from "solid-js";
import { text } from "../../i18n/en";
import { api, told } from "../../net/client";
import { navigate } from "../../routes";
import { Trouble } from "../../shell/Trouble";
import { WhatIsWrong } from "../../shell/WhatIsWrong";
import { sentence } from "../../state/errors";
import { createFetched } from "../../state/fetched";
import { toast } from "../../state/notices";
import { createSending } from "../../state/sending";
import { accountEnded } from "../../state/session";
import { Dialog } from "../../ui/Dialog";
import { createText, Field } from "../../ui/Field";
import { FormEnd } from "../../ui/FormEnd";

/** To take along what is one's own, and to end the account. */
export function Leaving() {
  const [asking, setAsking] = createSignal(false);
  return (
    <>
      <p class="hint">{text.leaving.exportHint}</p>
      <div class="row wrap">
        <a class="btn" href="/api/v1/me/export" rel="external" download="">
          {text.leaving.export}
        </a>
        <button type="button" class="btn" onClick={() => setAsking(true)}>
          {text.leaving.end}
        </button>
      </div>
      <Show when={asking()}>
        <EndAccount onClose={() => setAsking(false)} />
      </Show>
    </>
  );
}

function EndAccount(props: { onClose(): void }) {
  const preview = createFetched(
    () => true,
    () => told(api.GET("/api/v1/me/deletion")),
  );
  const password = createText("");
  const [songs, setSongs] = createSignal(false);
  const form = createSending(["current_password"], async () => {
    const body = { current_password: password(), songs: songs() ? ("delete" as const) : ("keep" as const) };
    await api.DELETE("/api/v1/me", { body });
    accountEnded();
    toast(text.leaving.ended, { lasts: true });
    navigate("/");
  });
  return (
    <Dialog title={text.leaving.end} onClose={props.onClose}>
      <form class="stack" onSubmit={form.submit}>
        <Trouble of={preview} />
        <Show when={preview.value()}>
          {(told) => (
            <>
              <p>{text.leaving.goes(told())}</p>
              <p>{text.leaving.stays(told().name)}</p>
              <ul class="dotted">
                <For each={told().stays}>{(what) => <li>{sentence(what)}</li>}</For>
              </ul>
              <Show when={told().songs > 0}>
                <label class="row">
                  <input type="checkbox" checked={songs()} onChange={(event) => setSongs(event.currentTarget.checked)} />
                  {text.leaving.songsToo(told().songs)}
                </label>
              </Show>
            </>
          )}
        </Show>
        <Field
          label={text.settings.currentPassword}
          name="current-password"
          type="password"
          autocomplete="current-password"
          of={password}
          form={form}
          field="current_password"
          required
        />
        <WhatIsWrong form={form} />
        <FormEnd send={text.leaving.endSure} disabled={form.busy() || !password() || !preview.value()} onCancel={props.onClose} />
      </form>
    </Dialog>
  );
}
