import { For, Show } from "solid-js";
import { text } from "../i18n/en";
import { preferences } from "../state/preferences";
import { Dialog } from "../ui/Dialog";
import { keysShown, setKeysShown } from "./keys";

/** Every key that does something. */
export function KeyList() {
  return (
    <Show when={keysShown()}>
      <Dialog title={text.keys.title} onClose={() => setKeysShown(false)}>
        <Show when={!preferences.singleKeys()}>
          <p class="soft">{text.keys.off}</p>
        </Show>
        <For each={text.keys.groups}>
          {([where, list]) => (
            <section class="stack tight">
              <h3>{where}</h3>
              <dl class="keys">
                <For each={list}>
                  {([keys, meaning]) => (
                    <>
                      <dt>
                        <For each={keys.split(" ")}>{(key) => <kbd>{key}</kbd>}</For>
                      </dt>
                      <dd>{meaning}</dd>
                    </>
                  )}
                </For>
              </dl>
            </section>
          )}
        </For>
      </Dialog>
    </Show>
  );
}
