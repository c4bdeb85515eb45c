import { createSignal, Show } from "solid-js";
import { ApiError, patch, post, putFile } from "../api/client";
import { explain } from "../app/errors";
import type { Control, Stage, Visibility } from "../protocol";
import { text } from "../text";
import { Dialog } from "../ui/Dialog";
import { Choice, Field } from "../ui/Field";
import { PictureField } from "../ui/PictureField";

/** Opens a stage, or changes one. */
export function StageForm(props: { stage?: Stage; onClose(): void; onDone(stage: Stage): void }) {
  const [name, setName] = createSignal(props.stage?.name ?? "");
  const [genres, setGenres] = createSignal(props.stage?.genres.join(", ") ?? "");
  const [visibility, setVisibility] = createSignal<Visibility>(props.stage?.visibility ?? "public");
  const [control, setControl] = createSignal<Control>(props.stage?.control ?? "host");
  const [cover, setCover] = createSignal<File | null>(null);
  const [error, setError] = createSignal<unknown>(null);
  const [busy, setBusy] = createSignal(false);

  async function submit(event: SubmitEvent): Promise<void> {
    event.preventDefault();
    setBusy(true);
    setError(null);
    const wish = {
      name: name().trim(),
      genres: genres()
        .split(",")
        .map((genre) => genre.trim())
        .filter(Boolean),
      visibility: visibility(),
      control: control(),
    };
    try {
      const stage = props.stage
        ? await patch<Stage>(`/stages/${props.stage.id}`, wish)
        : await post<Stage>("/stages", wish);
      const picture = cover();
      if (picture) await putFile(`/stages/${stage.id}/cover`, picture);
      props.onClose();
      props.onDone(stage);
    } catch (failure) {
      setError(failure);
    } finally {
      setBusy(false);
    }
  }

  const beside = (field: string) => {
    const failure = error();
    return failure instanceof ApiError ? failure.field(field) : undefined;
  };
  return (
    <Dialog title={props.stage ? text.openStage.edit : text.openStage.title} onClose={props.onClose}>
      <form class="stack" onSubmit={submit}>
        <Field
          label={text.openStage.name}
          name="name"
          value={name()}
          onInput={setName}
          placeholder={text.openStage.namePlaceholder}
          error={beside("name")}
          required
          autofocus
        />
        <Field
          label={text.openStage.genres}
          name="genres"
          value={genres()}
          onInput={setGenres}
          hint={text.openStage.genresHint}
          error={beside("genres")}
        />
        <PictureField label={text.openStage.cover} current={props.stage?.cover_url ?? null} name={name()} onChoose={setCover} />
        <Choice
          label={text.openStage.visibility}
          options={text.openStage.visibilities}
          value={visibility()}
          onChange={setVisibility}
        />
        <Choice label={text.openStage.control} options={text.openStage.controls} value={control()} onChange={setControl} />
        <Show when={error() && !beside("name") && !beside("genres")}>
          <p class="wrong" role="alert">
            {explain(error())}
          </p>
        </Show>
        <button type="submit" class="btn primary" disabled={busy() || !name().trim()}>
          {props.stage ? text.common.save : text.openStage.submit}
        </button>
      </form>
    </Dialog>
  );
}
