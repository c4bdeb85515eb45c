import { createEffect, createMemo, createSignal, createUniqueId, For, on, Show } from "solid-js";
import { palette as say } from "../../i18n/palette";
import { api, told } from "../../net/client";
import { setPaletteShown } from "../../shell/keys";
import { Trouble } from "../../shell/Trouble";
import { createFetched } from "../../state/fetched";
import { me } from "../../state/session";
import { Dialog } from "../../ui/Dialog";
import { createSearch } from "../../ui/search";
import { type Group, groupsFor, mayQueue, type Option } from "./options";
import "../../styles/palette.css";

const SEARCH_PAUSE_MS = 150;
const OF_EACH = 4;

/**
 * One field from which everything is reached: what can be done, and what the server knows by its name. The focus stays in
 * the field; which entry is meant is told by `aria-activedescendant`, after the ARIA pattern of a combobox with a listbox.
 */
export function Palette() {
  const { typed, setTyped, wanted } = createSearch(SEARCH_PAUSE_MS);
  const searches = () => !me()?.guest || mayQueue();
  const found = createFetched(wanted, async (q) =>
    q && searches() ? told(api.GET("/api/v1/search", { params: { query: { q, limit: OF_EACH } } })) : null,
  );
  const groups = createMemo(() => groupsFor(typed().trim(), found.value()));
  const options = createMemo(() => groups().flatMap((group) => group.options));
  const [at, setAt] = createSignal(0);
  createEffect(on(typed, () => setAt(0), { defer: true }));
  const active = () => Math.min(at(), options().length - 1);
  const looking = () => typed().trim() !== wanted() || found.loading();
  const note = () => (looking() ? say.looking : options().length > 0 ? say.count(options().length) : say.none(typed().trim()));
  const id = createUniqueId();
  const idOf = (index: number) => `${id}-${index}`;

  let box!: HTMLDivElement;
  /** The focus is back where it was before anything else has it. */
  function choose(option: Option | undefined, aside: boolean): void {
    if (!option) return;
    box.closest("dialog")?.close();
    if (aside && option.aside) option.aside();
    else option.run();
  }
  function pressed(event: KeyboardEvent): void {
    if (event.isComposing) return;
    const to = placeFor(event.key, active(), options().length);
    if (event.key === "Enter") choose(options()[active()], event.shiftKey);
    else if (to === null) return;
    else {
      setAt(to);
      document.getElementById(idOf(to))?.scrollIntoView({ block: "nearest" });
    }
    event.preventDefault();
  }

  return (
    <Dialog title={say.title} onClose={() => setPaletteShown(false)}>
      <div class="palette" ref={box}>
        <input
          class="input"
          type="text"
          role="combobox"
          aria-label={say.box}
          aria-expanded={options().length > 0}
          aria-controls={id}
          aria-autocomplete="list"
          aria-activedescendant={options().length > 0 ? idOf(active()) : undefined}
          placeholder={say.box}
          autocomplete="off"
          autocapitalize="off"
          spellcheck={false}
          enterkeyhint="go"
          autofocus
          value={typed()}
          onInput={(event) => setTyped(event.currentTarget.value)}
          onKeyDown={pressed}
        />
        <p class="hidden" role="status">
          {note()}
        </p>
        <Trouble of={found} />
        <Show when={!looking() && options().length === 0 && !found.error()}>
          <p class="soft palette-none">{note()}</p>
        </Show>
        <div class="palette-list" id={id} role="listbox" aria-label={say.results}>
          <For each={groups()}>
            {(group) => (
              <GroupOf
                group={group}
                first={options().indexOf(group.options[0] as Option)}
                active={active()}
                idOf={idOf}
                onMark={setAt}
                onChoose={choose}
              />
            )}
          </For>
        </div>
        <p class="soft small palette-hint">{me()?.guest || !mayQueue() ? say.hintPlain : say.hint}</p>
      </div>
    </Dialog>
  );
}

const PAGE = 5;

/** Where a key leads among so many; null if it leads nowhere. */
function placeFor(key: string, at: number, count: number): number | null {
  if (count === 0) return null;
  if (key === "ArrowDown") return (at + 1) % count;
  if (key === "ArrowUp") return (at + count - 1) % count;
  if (key === "PageDown") return Math.min(at + PAGE, count - 1);
  return key === "PageUp" ? Math.max(at - PAGE, 0) : null;
}

interface GroupProps {
  group: Group;
  /** The place of its first entry among all. */
  first: number;
  active: number;
  idOf(place: number): string;
  onMark(place: number): void;
  onChoose(option: Option, aside: boolean): void;
}

function GroupOf(props: GroupProps) {
  const heading = createUniqueId();
  return (
    // biome-ignore lint/a11y/useSemanticElements: a group of options is no group of fields
    <div role="group" aria-labelledby={heading}>
      <p class="soft small palette-group" id={heading} role="presentation">
        {props.group.title}
      </p>
      <For each={props.group.options}>
        {(option, index) => {
          const place = () => props.first + index();
          return (
            // biome-ignore lint/a11y/useKeyWithClickEvents: the field has the focus and the keys
            // biome-ignore lint/a11y/useFocusableInteractive: the field has the focus
            <div
              id={props.idOf(place())}
              role="option"
              class="palette-option"
              aria-selected={place() === props.active}
              onPointerMove={() => props.onMark(place())}
              onClick={(event) => props.onChoose(option, event.shiftKey)}
            >
              {option.picture()}
              <span class="grow cut">{option.name}</span>
              <Show when={option.more}>
                <span class="soft small cut">{option.more}</span>
              </Show>
            </div>
          );
        }}
      </For>
    </div>
  );
}
