import { text } from "../../i18n/en";
import { Icon } from "../../ui/Icon";
import { upload } from "./uploads";

export function UploadButton() {
  let input!: HTMLInputElement;
  return (
    <>
      <input
        ref={input}
        hidden
        type="file"
        multiple
        accept="audio/*,.flac,.ogg,.opus,.m4a"
        onChange={() => {
          upload(input.files ?? []);
          input.value = "";
        }}
      />
      <button type="button" class="btn" onClick={() => input.click()}>
        <Icon name="upload" />
        {text.library.upload}
      </button>
    </>
  );
}
