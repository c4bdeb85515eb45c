import { For } from "solid-js";
import { exchange as say } from "../../i18n/exchange";
import { Menu, MenuItem } from "../../ui/Menu";

/** A playlist as a file for another player. */
export function Export(props: { playlist: number }) {
  function fetchAs(format: string): void {
    const link = document.createElement("a");
    link.href = `/api/v1/playlists/${props.playlist}/export?format=${format}`;
    // A file and no place to go to, so that the page and its sound stay.
    link.download = "";
    link.rel = "external";
    link.click();
  }
  return (
    <Menu label={say.formatsFor} icon="download">
      <For each={Object.entries(say.formats)}>
        {([format, name]) => <MenuItem onSelect={() => fetchAs(format)}>{name}</MenuItem>}
      </For>
    </Menu>
  );
}
