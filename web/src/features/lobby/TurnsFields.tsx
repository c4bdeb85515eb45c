import { createSignal } from "solid-js";
import { text } from "../../i18n/en";
import type { QueueOrder, Stage } from "../../protocol";
import { Choice, createText, Field } from "../../ui/Field";

export type Turns = ReturnType<typeof createTurns>;

/** Whose song is next, as it stands in the form. */
export function createTurns(stage: Stage | undefined) {
  const [order, setOrder] = createSignal<QueueOrder>(stage?.order ?? "added");
  const most = createText(stage?.max_waiting ? String(stage.max_waiting) : "");
  return { order, setOrder, most, wish: () => ({ order: order(), max_waiting: limitOf(most()) }) };
}

/** An empty field is no limit, and what is no number is the server's to refuse. */
function limitOf(typed: string): number | null {
  return typed.trim() === "" ? null : Math.max(0, Math.round(Number(typed)) || 0);
}

/** In which order songs are played, and how many of one person may wait. */
export function TurnsFields(props: { form: { beside(field: string): string | undefined }; turns: Turns }) {
  return (
    <details open={props.form.beside("max_waiting") !== undefined}>
      <summary>{text.openStage.turns}</summary>
      <div class="stack">
        <Choice
          label={text.openStage.order}
          options={text.openStage.orders}
          value={props.turns.order()}
          onChange={props.turns.setOrder}
        />
        <Field
          label={text.openStage.maxWaiting}
          name="max-waiting"
          type="number"
          of={props.turns.most}
          hint={text.openStage.maxWaitingHint}
          form={props.form}
          field="max_waiting"
        />
      </div>
    </details>
  );
}
