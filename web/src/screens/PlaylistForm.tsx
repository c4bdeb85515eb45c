import { createSignal, Show } from "solid-js";
import { ApiError, patch, post, putFile } from "../api/client";
import type { Playlist } from "../api/model";
import { explain } from "../app/errors";
import { text } from "../text";
import { Dialog } from "../ui/Dialog";
import { Field } from "../ui/Field";
import { PictureField } from "../ui/PictureField";

/** Makes a playlist, or changes its name, description and cover. */
export function PlaylistForm(props: { playlist?: Playlist; onClose(): void; onDone(playlist: Playlist): void }) {
  const [name, setName] = createSignal(props.playlist?.name ?? "");
  const [description, setDescription] = createSignal(props.playlist?.description ?? "");
  const [cover, setCover] = createSignal<File | null>(null);
  const [error, setError] = createSignal<unknown>(null);

  async function submit(event: SubmitEvent): Promise<void> {
    event.preventDefault();
    const wish = { name: name().trim(), description: description().trim() };
    try {
      const list = props.playlist
        ? await patch<Playlist>(`/playlists/${props.playlist.id}`, wish)
        : await post<Playlist>("/playlists", wish);
      const picture = cover();
      if (picture) await putFile(`/playlists/${list.id}/cover`, picture);
      props.onClose();
      props.onDone(list);
    } catch (failure) {
      setError(failure);
    }
  }
  const beside = () => {
    const failure = error();
    return failure instanceof ApiError ? failure.field("name") : undefined;
  };
  return (
    <Dialog title={props.playlist ? text.common.edit : text.library.newPlaylist} onClose={props.onClose}>
      <form class="stack" onSubmit={submit}>
        <Field
          label={text.playlist.name}
          name="name"
          value={name()}
          onInput={setName}
          placeholder={text.playlist.namePlaceholder}
          error={beside()}
          required
          autofocus
        />
        <Field label={text.playlist.description} name="description" value={description()} onInput={setDescription} multiline />
        <PictureField label={text.openStage.cover} current={props.playlist?.cover_url ?? null} name={name()} onChoose={setCover} />
        <Show when={error() && !beside()}>
          <p class="wrong" role="alert">
            {explain(error())}
          </p>
        </Show>
        <button type="submit" class="btn primary" disabled={!name().trim()}>
          {props.playlist ? text.common.save : text.playlist.create}
        </button>
      </form>
    </Dialog>
  );
}
