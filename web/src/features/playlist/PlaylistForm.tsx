import { createSignal } from "solid-js";
import { text } from "../../i18n/en";
import { api, type Playlist, picture, told } from "../../net/client";
import { WhatIsWrong } from "../../shell/WhatIsWrong";
import { createSending } from "../../state/sending";
import { Dialog } from "../../ui/Dialog";
import { createText, Field } from "../../ui/Field";
import { PictureField } from "../../ui/PictureField";

/** Makes a playlist, or changes its name, description and cover. */
export function PlaylistForm(props: { playlist?: Playlist; onClose(): void; onDone(playlist: Playlist): void }) {
  const name = createText(props.playlist?.name ?? "");
  const description = createText(props.playlist?.description ?? "");
  const [cover, setCover] = createSignal<File | null>(null);
  // Once it is made, another try (the cover was refused, say) changes it.
  let made = props.playlist;
  const form = createSending(["name"], async () => {
    const wish = { name: name().trim(), description: description().trim() };
    const list = await told(
      made
        ? api.PATCH("/api/v1/playlists/{id}", { params: { path: { id: made.id } }, body: wish })
        : api.POST("/api/v1/playlists", { body: wish }),
    );
    made = list;
    const file = cover();
    if (file) await api.PUT("/api/v1/playlists/{id}/cover", { params: { path: { id: list.id } }, ...picture(file) });
    props.onClose();
    props.onDone(list);
  });
  return (
    <Dialog title={props.playlist ? text.common.edit : text.library.newPlaylist} onClose={props.onClose}>
      <form class="stack" onSubmit={form.submit}>
        <Field
          label={text.playlist.name}
          name="name"
          of={name}
          placeholder={text.playlist.namePlaceholder}
          form={form}
          required
          autofocus
        />
        <Field label={text.playlist.description} name="description" of={description} multiline />
        <PictureField
          label={text.openStage.cover}
          current={props.playlist?.cover_url ?? null}
          name={name()}
          onChoose={setCover}
        />
        <WhatIsWrong form={form} />
        <button type="submit" class="btn primary" disabled={form.busy() || !name().trim()}>
          {props.playlist ? text.common.save : text.playlist.create}
        </button>
      </form>
    </Dialog>
  );
}
