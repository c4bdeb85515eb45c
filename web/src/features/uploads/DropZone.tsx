import { createSignal, onCleanup, onMount, Show } from "solid-js";
import { text } from "../../i18n/en";
import { me } from "../../state/session";
import { Icon } from "../../ui/Icon";
import { upload } from "./uploads";

/** The whole page takes files. */
export function DropZone() {
  const [over, setOver] = createSignal(false);
  const holdsFiles = (event: DragEvent) => event.dataTransfer?.types.includes("Files") ?? false;
  const may = () => me() && !me()?.guest;
  const drag = (event: DragEvent) => {
    if (!may() || !holdsFiles(event)) return;
    event.preventDefault();
    setOver(true);
  };
  const left = (event: DragEvent) => {
    if (event.relatedTarget === null) setOver(false);
  };
  const drop = (event: DragEvent) => {
    if (!may() || !holdsFiles(event)) return;
    event.preventDefault();
    setOver(false);
    upload(event.dataTransfer?.files ?? []);
  };
  onMount(() => {
    document.addEventListener("dragover", drag);
    document.addEventListener("dragleave", left);
    document.addEventListener("drop", drop);
  });
  onCleanup(() => {
    document.removeEventListener("dragover", drag);
    document.removeEventListener("dragleave", left);
    document.removeEventListener("drop", drop);
  });
  return (
    <Show when={over()}>
      <div class="drop">
        <Icon name="upload" />
        {text.upload.drop}
        <span class="soft small">{text.upload.dropHint}</span>
      </div>
    </Show>
  );
}
