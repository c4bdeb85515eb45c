import { text } from "../i18n/en";

/** The end of a form in a dialog or in place of what it changes: to send it, and to leave all as it was. */
export function FormEnd(props: { send: string; disabled: boolean; onCancel(): void }) {
  return (
    <div class="row">
      <button type="submit" class="btn primary" disabled={props.disabled}>
        {props.send}
      </button>
      <button type="button" class="btn" onClick={props.onCancel}>
        {text.common.cancel}
      </button>
    </div>
  );
}
