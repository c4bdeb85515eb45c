import { createSignal, Show } from "solid-js";
import { text } from "../../i18n/en";
import { people } from "../../i18n/people";
import { setKeysShown } from "../../shell/keys";
import { attempt } from "../../state/notices";
import { chooseOutput } from "../../state/outputs";
import { OFFSET_MS, preferences } from "../../state/preferences";
import { me, signOut } from "../../state/session";
import { Choice } from "../../ui/Field";
import { Push } from "../notifications/Push";
import { Wanted } from "../notifications/Wanted";
import { Account } from "./Account";
import { Blocked } from "./Blocked";
import { Leaving } from "./Leaving";
import { Logins } from "./Logins";
import { TapTest } from "./TapTest";

export function SettingsScreen() {
  const [testing, setTesting] = createSignal(false);
  return (
    <div class="page narrow stack">
      <h1>{text.settings.title}</h1>
      <section class="card stack">
        <h2>{text.settings.look}</h2>
        <Choice
          label={text.settings.theme}
          options={text.settings.themes}
          value={preferences.theme()}
          onChange={preferences.setTheme}
        />
      </section>
      <section class="card stack">
        <h2>{text.settings.sound}</h2>
        <Choice
          label={text.settings.output}
          options={text.settings.outputs}
          value={preferences.output()}
          onChange={chooseOutput}
        />
        <div class="field">
          <label for="offset">{text.settings.offset(text.settings.outputs[preferences.output()])}</label>
          <div class="row">
            <input
              id="offset"
              class="input offset num"
              type="number"
              min={OFFSET_MS.least}
              max={OFFSET_MS.most}
              step={1}
              aria-describedby="offset-hint"
              value={preferences.offsetMs()}
              onChange={(event) => preferences.setOffsetMs(event.currentTarget.valueAsNumber)}
            />
            <span class="soft">{text.settings.ms}</span>
            <Show when={"AudioContext" in globalThis}>
              <button type="button" class="btn" onClick={() => setTesting(true)}>
                {text.tapTest.open}
              </button>
            </Show>
          </div>
          <p id="offset-hint" class="hint">
            {text.settings.offsetHint}
          </p>
        </div>
        <Show when={testing()}>
          <TapTest onClose={() => setTesting(false)} />
        </Show>
      </section>
      <section class="card stack">
        <h2>{text.settings.keys}</h2>
        <div class="field">
          <Choice
            label={text.settings.singleKeys}
            options={{ on: text.common.on, off: text.common.off }}
            value={preferences.singleKeys() ? "on" : "off"}
            onChange={(choice) => preferences.setSingleKeys(choice === "on")}
          />
          <p class="hint">{text.settings.singleKeysHint}</p>
        </div>
        <button type="button" class="btn self-start" onClick={() => setKeysShown(true)}>
          {text.keys.open}
        </button>
      </section>
      <section class="card stack">
        <h2>{text.settings.account}</h2>
        <Show when={me()}>{(user) => <Account user={user()} />}</Show>
      </section>
      <section class="card stack">
        <h2>{text.notifications.title}</h2>
        <Wanted />
        <Push />
      </section>
      <section class="card stack">
        <h2>{people.blocked}</h2>
        <Blocked />
      </section>
      <section class="card stack">
        <h2>{text.logins.title}</h2>
        <Logins />
      </section>
      <section class="card stack">
        <h2>{text.leaving.title}</h2>
        <Leaving />
      </section>
      <section class="card row spread">
        <p>{text.settings.signedInAs(me()?.username ?? "")}</p>
        <button type="button" class="btn" onClick={() => attempt(signOut)}>
          {text.sign.out}
        </button>
      </section>
    </div>
  );
}
