import { createSignal, Show } from "solid-js";
import { text } from "../../i18n/en";
import { api, picture, told } from "../../net/client";
import type { Adding, Control, Stage, Succession, Visibility } from "../../protocol";
import { WhatIsWrong } from "../../shell/WhatIsWrong";
import { createSending } from "../../state/sending";
import { Dialog } from "../../ui/Dialog";
import { Choice, createText, Field, type Typed } from "../../ui/Field";
import { PictureField } from "../../ui/PictureField";
import { createTurns, TurnsFields } from "./TurnsFields";

const SECOND_US = 1_000_000;
/** What a stage does that was not told otherwise. */
const USUAL = { quorum_percent: 80, patience_us: 1_500_000 } as const;
/** Whose errors stand beside them. */
const FIELDS = ["name", "genres", "start.quorum_percent", "start.patience_us", "slow_mode_s", "crossfade_us", "max_waiting"];

interface StageFormProps {
  stage?: Stage;
  onClose(): void;
  onDone(stage: Stage): void;
}

/** Opens a stage, or changes one. */
export function StageForm(props: StageFormProps) {
  const {
    name,
    genres,
    visibility,
    setVisibility,
    control,
    setControl,
    adding,
    setAdding,
    quorum,
    patience,
    slowMode,
    succession,
    setSuccession,
    crossfade,
    together,
    setTogether,
    setCover,
    turns,
    form,
  } = createStageForm(props);
  return (
    <Dialog title={props.stage ? text.openStage.edit : text.openStage.title} onClose={props.onClose}>
      <form class="stack" onSubmit={form.submit}>
        <Field
          label={text.openStage.name}
          name="name"
          of={name}
          placeholder={text.openStage.namePlaceholder}
          form={form}
          required
          autofocus
        />
        <Field label={text.openStage.genres} name="genres" of={genres} hint={text.openStage.genresHint} form={form} />
        <PictureField label={text.openStage.cover} current={props.stage?.cover_url ?? null} name={name()} onChoose={setCover} />
        <Choice
          label={text.openStage.visibility}
          options={text.openStage.visibilities}
          value={visibility()}
          onChange={setVisibility}
        />
        <Choice label={text.openStage.control} options={text.openStage.controls} value={control()} onChange={setControl} />
        {/* Where everyone plays, everyone adds. */}
        <Show when={control() !== "everyone"}>
          <Choice label={text.openStage.adding} options={text.openStage.addings} value={adding()} onChange={setAdding} />
        </Show>
        <TurnsFields form={form} turns={turns} />
        <details open={form.beside("start.quorum_percent") !== undefined || form.beside("start.patience_us") !== undefined}>
          <summary>{text.openStage.starts}</summary>
          <div class="stack">
            <Field
              label={text.openStage.quorum}
              name="quorum"
              type="number"
              of={quorum}
              form={form}
              field="start.quorum_percent"
            />
            <Field
              label={text.openStage.patience}
              name="patience"
              type="number"
              of={patience}
              hint={text.openStage.startsHint}
              form={form}
              field="start.patience_us"
            />
          </div>
        </details>
        <SoundFields form={form} crossfade={crossfade} together={together()} onTogether={setTogether} />
        <ConductFields form={form} slowMode={slowMode} succession={succession()} onSuccession={setSuccession} />
        <WhatIsWrong form={form} />
        <button type="submit" class="btn primary" disabled={form.busy() || !name().trim()}>
          {props.stage ? text.common.save : text.openStage.submit}
        </button>
      </form>
    </Dialog>
  );
}

type Together = "own" | "host";

/** How one song follows the other, and how loud. */
function SoundFields(props: {
  form: { beside(field: string): string | undefined };
  crossfade: Typed;
  together: Together;
  onTogether(value: Together): void;
}) {
  return (
    <details open={props.form.beside("crossfade_us") !== undefined}>
      <summary>{text.openStage.sound}</summary>
      <div class="stack">
        <Field
          label={text.openStage.crossfade}
          name="crossfade"
          type="number"
          of={props.crossfade}
          hint={text.openStage.crossfadeHint}
          form={props.form}
          field="crossfade_us"
        />
        <Choice
          label={text.openStage.volume}
          options={text.openStage.volumes}
          value={props.together}
          onChange={props.onTogether}
        />
      </div>
    </details>
  );
}

/** How people behave to each other, and what becomes of them without a host. */
function ConductFields(props: {
  form: { beside(field: string): string | undefined };
  slowMode: Typed;
  succession: Succession;
  onSuccession(value: Succession): void;
}) {
  return (
    <details open={props.form.beside("slow_mode_s") !== undefined}>
      <summary>{text.openStage.conduct}</summary>
      <div class="stack">
        <Field
          label={text.openStage.slowMode}
          name="slow-mode"
          type="number"
          of={props.slowMode}
          hint={text.openStage.slowModeHint}
          form={props.form}
          field="slow_mode_s"
        />
        <Choice
          label={text.openStage.succession}
          options={text.openStage.successions}
          value={props.succession}
          onChange={props.onSuccession}
        />
      </div>
    </details>
  );
}

/** What stands in the form, and how it is sent. */
function createStageForm(props: StageFormProps) {
  const name = createText(props.stage?.name ?? "");
  const genres = createText(props.stage?.genres.join(", ") ?? "");
  const [visibility, setVisibility] = createSignal<Visibility>(props.stage?.visibility ?? "public");
  const [control, setControl] = createSignal<Control>(props.stage?.control ?? "host");
  const [adding, setAdding] = createSignal<Adding>(props.stage?.adding ?? "everyone");
  const quorum = createText(String(props.stage?.start.quorum_percent ?? USUAL.quorum_percent));
  const patience = createText(String((props.stage?.start.patience_us ?? USUAL.patience_us) / SECOND_US));
  const slowMode = createText(String(props.stage?.slow_mode_s ?? 0));
  const [succession, setSuccession] = createSignal<Succession>(props.stage?.succession ?? "people");
  const crossfade = createText(String((props.stage?.crossfade_us ?? 0) / SECOND_US));
  const [together, setTogether] = createSignal<Together>(props.stage?.volume.together ? "host" : "own");
  const [cover, setCover] = createSignal<File | null>(null);
  const turns = createTurns(props.stage);

  // Once it is open, another try (the cover was refused, say) changes it.
  let made = props.stage;
  const form = createSending(FIELDS, async () => {
    const wish = {
      name: name().trim(),
      genres: genres()
        .split(",")
        .map((genre) => genre.trim())
        .filter(Boolean),
      visibility: visibility(),
      control: control(),
      adding: adding(),
      start: { quorum_percent: Number(quorum()) || 0, patience_us: Math.round(Number(patience()) * SECOND_US) || 0 },
      slow_mode_s: Number(slowMode()) || 0,
      succession: succession(),
      crossfade_us: Math.round(Number(crossfade()) * SECOND_US) || 0,
      volume: { together: together() === "host" },
      ...turns.wish(),
    };
    const stage = await told(
      made
        ? api.PATCH("/api/v1/stages/{id}", { params: { path: { id: made.id } }, body: wish })
        : api.POST("/api/v1/stages", { body: wish }),
    );
    made = stage;
    const file = cover();
    if (file) await api.PUT("/api/v1/stages/{id}/cover", { params: { path: { id: stage.id } }, ...picture(file) });
    props.onClose();
    props.onDone(stage);
  });
  return {
    name,
    genres,
    visibility,
    setVisibility,
    control,
    setControl,
    adding,
    setAdding,
    quorum,
    patience,
    slowMode,
    succession,
    setSuccession,
    crossfade,
    together,
    setTogether,
    setCover,
    turns,
    form,
  };
}
