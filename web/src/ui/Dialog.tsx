import { createSignal, createUniqueId, type JSX, onCleanup, onMount, Show } from "solid-js";
import { text } from "../i18n/en";
import { Icon } from "./Icon";
import { Toasts } from "./Toasts";

const [open, setOpen] = createSignal<readonly HTMLDialogElement[]>([]);

/** The dialog that lies on top of all, if there is one. */
export const topmost = () => open().at(-1);

/** A modal dialog: the browser's own, so that focus, Escape and the background behave. Mounted means open. */
export function Dialog(props: { title: string; onClose(): void; children: JSX.Element }) {
  let element!: HTMLDialogElement;
  const heading = createUniqueId();
  onMount(() => {
    element.showModal();
    setOpen((all) => [...all, element]);
  });
  onCleanup(() => setOpen((all) => all.filter((other) => other !== element)));
  // A click counts as one on the backdrop if it began there: the end of a selection may lie outside.
  let outside = false;
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: Escape closes a dialog by itself
    <dialog
      ref={element}
      aria-labelledby={heading}
      onClose={() => props.onClose()}
      onPointerDown={(event) => {
        outside = event.target === element;
      }}
      onClick={(event) => outside && event.target === element && element.close()}
    >
      <header class="dialog-head">
        <h2 id={heading}>{props.title}</h2>
        <button type="button" class="btn icon-only" aria-label={text.common.close} onClick={() => element.close()}>
          <Icon name="close" />
        </button>
      </header>
      <div class="dialog-body">{props.children}</div>
      <Toasts shown={topmost() === element} />
    </dialog>
  );
}

interface Question {
  title: string;
  body: string;
  yes: string;
  answer(agreed: boolean): void;
}
const [question, setQuestion] = createSignal<Question | null>(null);

/** Asks before something that can't be taken back. */
export function confirm(title: string, body: string, yes: string): Promise<boolean> {
  return new Promise((answer) => setQuestion({ title, body, yes, answer }));
}

export function ConfirmHost() {
  const done = (agreed: boolean) => {
    question()?.answer(agreed);
    setQuestion(null);
  };
  return (
    <Show when={question()}>
      {(asked) => (
        <Dialog title={asked().title} onClose={() => done(false)}>
          <p>{asked().body}</p>
          <div class="row">
            <button type="button" class="btn primary" onClick={() => done(true)}>
              {asked().yes}
            </button>
            <button type="button" class="btn" onClick={() => done(false)}>
              {text.common.cancel}
            </button>
          </div>
        </Dialog>
      )}
    </Show>
  );
}
