import { createSignal, createUniqueId, Show } from "solid-js";
import { text } from "../../i18n/en";
import { api, told } from "../../net/client";
import type { Stage } from "../../stage/stage";
import { attempt, toast } from "../../state/notices";
import { copy } from "../../ui/clipboard";
import { Dialog } from "../../ui/Dialog";
import { Icon } from "../../ui/Icon";

/** Copies a link into the stage; where pages may not copy, shows it to be copied by hand. */
export function Invite(props: { stage: Stage }) {
  const [byHand, setByHand] = createSignal<string | null>(null);

  /** A closed stage needs a code in its link; an open one's address is enough. */
  async function link(): Promise<string> {
    const plain = `${location.origin}/s/${props.stage.id}`;
    if (props.stage.state()?.stage.visibility === "public") return plain;
    const { code } = await told(api.POST("/api/v1/stages/{id}/invites", { params: { path: { id: props.stage.id } }, body: {} }));
    return `${plain}?invite=${encodeURIComponent(code)}`;
  }
  const invite = () =>
    attempt(async () => {
      const made = link();
      if (await copy(made)) toast(text.invite.copied);
      else setByHand(await made);
    });

  return (
    <>
      <button type="button" class="btn" aria-label={text.invite.label} onClick={invite}>
        <Icon name="link" />
        <span>{text.invite.label}</span>
      </button>
      <Show when={byHand()}>{(link) => <LinkByHand link={link()} onClose={() => setByHand(null)} />}</Show>
    </>
  );
}

function LinkByHand(props: { link: string; onClose(): void }) {
  const id = createUniqueId();
  return (
    <Dialog title={text.invite.title} onClose={props.onClose}>
      <div class="field">
        <label for={id}>{text.invite.link}</label>
        <input
          id={id}
          class="input"
          readonly
          autofocus
          value={props.link}
          aria-describedby={`${id}-note`}
          ref={(el) => queueMicrotask(() => el.select())}
          onFocus={(event) => event.currentTarget.select()}
        />
        <p id={`${id}-note`} class="hint">
          {text.invite.byHand}
        </p>
      </div>
    </Dialog>
  );
}
