import { createEffect } from "solid-js";
import { attempt } from "../app/notices";
import { preferences } from "../app/preferences";
import { me, room, signOut } from "../app/session";
import { text } from "../text";
import { Choice } from "../ui/Field";

/** What the sound engine accepts, in milliseconds. */
const OFFSET_MS = { least: -500, most: 1_500 } as const;

export function SettingsScreen() {
  createEffect(() => room()?.engine.setOffsetMs(preferences.offsetMs()));
  return (
    <div class="page narrow stack">
      <h1>{text.settings.title}</h1>
      <section class="card stack">
        <h2>{text.settings.look}</h2>
        <Choice label={text.settings.theme} options={text.settings.themes} value={preferences.theme()} onChange={preferences.setTheme} />
      </section>
      <section class="card stack">
        <h2>{text.settings.sound}</h2>
        <div class="field">
          <label for="offset">{text.settings.offset}</label>
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
              onChange={(event) => {
                const ms = event.currentTarget.valueAsNumber || 0;
                preferences.setOffsetMs(Math.min(OFFSET_MS.most, Math.max(OFFSET_MS.least, ms)));
              }}
            />
            <span class="soft">{text.settings.ms}</span>
          </div>
          <p id="offset-hint" class="hint">
            {text.settings.offsetHint}
          </p>
        </div>
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
