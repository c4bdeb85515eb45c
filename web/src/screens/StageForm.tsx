import { createSignal, Show } from "solid-js";
import { ApiError, patch, post, putFile } from "../api/client";
import { explain } from "../app/errors";
import type { Control, Stage, Visibility } from "../protocol";
import { text } from "../text";
import { Dialog } from "../ui/Dialog";
import { Choice, Field } from "../ui/Field";
import { PictureField } from "../ui/PictureField";

const SECOND_US = 1_000_000;
/** What a stage does that was not told otherwise. */
const USUAL = { quorum_percent: 80, patience_us: 1_500_000 } as const;
/** Whose errors stand beside them. */
const FIELDS = ["name", "genres", "start.quorum_percent", "start.patience_us"];

/** Opens a stage, or changes one. */
export function StageForm(props: { stage?: Stage; onClose(): void; onDone(stage: Stage): void }) {
  const [name, setName] = createSignal(props.stage?.name ?? "");
  const [genres, setGenres] = createSignal(props.stage?.genres.join(", ") ?? "");
  const [visibility, setVisibility] = createSignal<Visibility>(props.stage?.visibility ?? "public");
  const [control, setControl] = createSignal<Control>(props.stage?.control ?? "host");
  const [quorum, setQuorum] = createSignal(String(props.stage?.start.quorum_percent ?? USUAL.quorum_percent));
  const [patience, setPatience] = createSignal(String((props.stage?.start.patience_us ?? USUAL.patience_us) / SECOND_US));
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
      start: { quorum_percent: Number(quorum()) || 0, patience_us: Math.round(Number(patience()) * SECOND_US) || 0 },
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
        <details open={beside("start.quorum_percent") !== undefined || beside("start.patience_us") !== undefined}>
          <summary>{text.openStage.starts}</summary>
          <div class="stack">
            <Field
              label={text.openStage.quorum}
              name="quorum"
              type="number"
              value={quorum()}
              onInput={setQuorum}
              error={beside("start.quorum_percent")}
            />
            <Field
              label={text.openStage.patience}
              name="patience"
              type="number"
              value={patience()}
              onInput={setPatience}
              hint={text.openStage.startsHint}
              error={beside("start.patience_us")}
            />
          </div>
        </details>
        <Show when={error() && !FIELDS.some(beside)}>
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
