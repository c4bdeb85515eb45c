import { createSignal, createUniqueId, onCleanup } from "solid-js";
import { text } from "../i18n/en";
import { Cover } from "./Picture";

/** Chooses a picture and shows it at once, before it is sent. */
export function PictureField(props: { label: string; current: string | null; name: string; onChoose(file: File): void }) {
  const id = createUniqueId();
  const [preview, setPreview] = createSignal<string | null>(null);
  const forget = () => {
    const url = preview();
    if (url) URL.revokeObjectURL(url);
  };
  onCleanup(forget);
  let input!: HTMLInputElement;
  function chosen(): void {
    const file = input.files?.[0];
    if (!file) return;
    forget();
    setPreview(URL.createObjectURL(file));
    props.onChoose(file);
  }
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset is no flex box in every browser
    <div class="field" role="group" aria-labelledby={id}>
      <span id={id} class="label">
        {props.label}
      </span>
      <div class="row picture-field">
        <Cover url={preview() ?? props.current} name={props.name || "?"} eager />
        <input ref={input} hidden type="file" accept="image/png,image/jpeg,image/webp" onChange={chosen} />
        <button type="button" class="btn" onClick={() => input.click()}>
          {text.openStage.chooseCover}
        </button>
      </div>
    </div>
  );
}
