import { createSignal } from "solid-js";
import { text } from "../../i18n/en";
import { song as say } from "../../i18n/song";
import { type Album, api, picture, told } from "../../net/client";
import { WhatIsWrong } from "../../shell/WhatIsWrong";
import { toast } from "../../state/notices";
import { createSending } from "../../state/sending";
import { Dialog } from "../../ui/Dialog";
import { createText, Field } from "../../ui/Field";
import { FormEnd } from "../../ui/FormEnd";
import { PictureField } from "../../ui/PictureField";
import { changesOf } from "../song/tags";

/** Mends what an album is called, whose it is and what it looks like. */
export function AlbumForm(props: { album: Album; onClose(): void; onDone(): void }) {
  const fields = say.albumFields;
  const was = () => props.album;
  const title = createText(was().title);
  const artist = createText(was().artist);
  const genre = createText(was().genre ?? "");
  const description = createText(was().description);
  const [cover, setCover] = createSignal<File | null>(null);
  const form = createSending(["title", "artist", "genre", "description"], async () => {
    const params = { path: { id: was().id } };
    const typed = {
      title: title().trim(),
      artist: artist().trim(),
      genre: genre().trim() || null,
      description: description().trim(),
    };
    await told(api.PATCH("/api/v1/albums/{id}", { params, body: changesOf(was(), typed) }));
    const file = cover();
    if (file) await api.PUT("/api/v1/albums/{id}/cover", { params, ...picture(file) });
    toast(say.saved);
    props.onClose();
    props.onDone();
  });
  return (
    <Dialog title={say.editAlbum} onClose={props.onClose}>
      <form class="stack" onSubmit={form.submit}>
        <Field label={fields.title} name="title" of={title} form={form} required autofocus />
        <Field label={fields.artist} name="artist" of={artist} form={form} required />
        <Field label={fields.genre} name="genre" of={genre} form={form} />
        <Field label={fields.description} name="description" of={description} form={form} multiline />
        <PictureField label={fields.cover} current={was().cover_url ?? null} name={title()} onChoose={setCover} />
        <WhatIsWrong form={form} />
        <FormEnd send={text.common.save} disabled={form.busy() || !title().trim() || !artist().trim()} onCancel={props.onClose} />
      </form>
    </Dialog>
  );
}
