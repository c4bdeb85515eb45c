import { text } from "../../i18n/en";
import { song as say } from "../../i18n/song";
import { api, type LibrarySong, type SongChanges, told } from "../../net/client";
import { WhatIsWrong } from "../../shell/WhatIsWrong";
import { toast } from "../../state/notices";
import { createSending } from "../../state/sending";
import { Dialog } from "../../ui/Dialog";
import { createText, Field } from "../../ui/Field";
import { FormEnd } from "../../ui/FormEnd";
import { changesOf, listed, numbered } from "./tags";

/** Mends what a song is called and where it belongs. */
export function SongForm(props: { song: LibrarySong; onClose(): void; onDone(song: LibrarySong): void }) {
  const { fields } = say;
  const was = () => props.song;
  const title = createText(was().title);
  const artist = createText(was().artist);
  const album = createText(was().album ?? "");
  const genres = createText(was().genres.join(", "));
  const shown = (n: number | null | undefined) => createText(n == null ? "" : String(n));
  const [year, disc, track] = [shown(was().year), shown(was().disc), shown(was().track)];
  const form = createSending(["title", "artist", "album", "genres", "year", "disc", "track"], async () => {
    const typed = {
      title: title().trim(),
      artist: artist().trim(),
      album: album().trim() || null,
      genres: listed(genres()),
      year: numbered(year()),
      disc: numbered(disc()),
      track: numbered(track()),
    };
    const body: SongChanges = changesOf(was(), typed);
    const song = await told(api.PATCH("/api/v1/songs/{id}", { params: { path: { id: was().id } }, body }));
    toast(say.saved);
    props.onClose();
    props.onDone(song);
  });
  return (
    <Dialog title={say.edit} onClose={props.onClose}>
      <form class="stack" onSubmit={form.submit}>
        <Field label={fields.title} name="title" of={title} form={form} required autofocus />
        <Field label={fields.artist} name="artist" of={artist} hint={say.artistHint} form={form} required />
        <Field label={fields.album} name="album" of={album} hint={say.albumHint} form={form} />
        <Field label={fields.genres} name="genres" of={genres} hint={say.genresHint} form={form} />
        <div class="in-a-row">
          <Field label={fields.year} name="year" type="number" of={year} form={form} />
          <Field label={fields.disc} name="disc" type="number" of={disc} form={form} />
          <Field label={fields.track} name="track" type="number" of={track} form={form} />
        </div>
        <WhatIsWrong form={form} />
        <FormEnd send={text.common.save} disabled={form.busy() || !title().trim() || !artist().trim()} onCancel={props.onClose} />
      </form>
    </Dialog>
  );
}
