import { createSignal, Show } from "solid-js";
import { text } from "../../i18n/en";
import { exchange as say } from "../../i18n/exchange";
import { api, type ImportedPlaylist, playlistFile, told } from "../../net/client";
import { WhatIsWrong } from "../../shell/WhatIsWrong";
import { createSending } from "../../state/sending";
import { Dialog } from "../../ui/Dialog";
import { Icon } from "../../ui/Icon";
import { Resolve } from "./Resolve";
import { keep } from "./unresolved";

/** Makes a playlist of another player's file, and says what of it was not found. */
export function Import(props: { onClose(): void; onMade(): void }) {
  const [made, setMade] = createSignal<ImportedPlaylist>();
  let chooser!: HTMLInputElement;
  let file: File | undefined;
  const form = createSending([], async () => {
    if (!file) return;
    const answer = await told(api.POST("/api/v1/playlists/import", playlistFile(file)));
    keep(answer.playlist.id, answer.unresolved);
    setMade(answer);
    props.onMade();
  });
  const chosen = (event: Event) => {
    file = chooser.files?.[0];
    chooser.value = "";
    void form.submit(event);
  };
  return (
    <Dialog title={say.title} onClose={props.onClose}>
      <Show
        when={made()}
        fallback={
          <>
            <p>{say.hint}</p>
            <input ref={chooser} hidden type="file" accept=".xspf,.jspf,.json,.m3u,.m3u8" onChange={chosen} />
            <WhatIsWrong form={form} />
            <div class="row wrap">
              <button type="button" class="btn primary" autofocus disabled={form.busy()} onClick={() => chooser.click()}>
                <Icon name="upload" />
                {say.choose}
              </button>
              <p class="soft small" role="status">
                {form.busy() ? say.reading : ""}
              </p>
            </div>
          </>
        }
      >
        {(answer) => (
          <>
            <div class="row wrap spread" role="status">
              <p class="grow">
                <strong>{answer().playlist.name}</strong>
                <br />
                {say.found(answer().matched, answer().matched + answer().unresolved.length)}
              </p>
              <a class="btn primary" href={`/playlists/${answer().playlist.id}`} onClick={props.onClose}>
                {say.open}
              </a>
            </div>
            <Show when={answer().unresolved.length > 0}>
              <Resolve playlist={answer().playlist.id} onChanged={props.onMade} />
            </Show>
          </>
        )}
      </Show>
    </Dialog>
  );
}

/** The same entries, later: from the playlist's own page. */
export function ResolveDialog(props: { playlist: number; onClose(): void; onChanged(): void }) {
  return (
    <Dialog title={say.missing} onClose={props.onClose}>
      <Resolve playlist={props.playlist} onChanged={props.onChanged} />
      <button type="button" class="btn self-start" onClick={props.onClose}>
        {text.common.close}
      </button>
    </Dialog>
  );
}
