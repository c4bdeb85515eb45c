import { createSignal, For, Show } from "solid-js";
import { text } from "../../i18n/en";
import { api, told } from "../../net/client";
import type { Comment } from "../../protocol";
import { path } from "../../routes";
import { Trouble } from "../../shell/Trouble";
import { WhatIsWrong } from "../../shell/WhatIsWrong";
import { attempt } from "../../state/notices";
import { createSending } from "../../state/sending";
import { me } from "../../state/session";
import type { About } from "../../state/watching";
import { Dialog } from "../../ui/Dialog";
import { createText, Field } from "../../ui/Field";
import { FormEnd } from "../../ui/FormEnd";
import { clock, dayOf, timeOfDay } from "../../ui/format";
import { Menu, MenuItem } from "../../ui/Menu";
import { Avatar } from "../../ui/Picture";
import { isToday } from "../../ui/today";
import { createComments } from "./comments";

interface CommentsProps {
  about: About;
  /** Those that the screen has already. */
  list?: ReturnType<typeof createComments>;
  /** Whose song or album it is, who may take away what others said. */
  owner?: number | null | undefined;
  /** Where one is in the song, if that can be spoken of. */
  positionUs?: (() => number | null) | undefined;
  onSeek?: ((us: number) => void) | undefined;
}

export function CommentsDialog(props: CommentsProps & { title: string; onClose(): void }) {
  return (
    <Dialog title={text.comments.of(props.title)} onClose={props.onClose}>
      <Comments {...props} />
    </Dialog>
  );
}

const idOf = (comment: number) => `comment-${comment}`;

/** Where a comment stands on the page, to go there. */
export const placeOfComment = (comment: number) => document.getElementById(idOf(comment));

/** What is said of a song or an album, and a place to say more. */
export function Comments(props: CommentsProps) {
  const comments = props.list ?? createComments(() => props.about);
  return (
    <div class="stack">
      <Show when={me()} fallback={<SignInFirst />}>
        <Composer {...props} onSaid={comments.put} />
      </Show>
      <Trouble of={comments} />
      <Show when={!comments.loading() && !comments.error() && comments.items().length === 0}>
        <p class="soft">{text.comments.none}</p>
      </Show>
      <ul class="comments" aria-label={text.comments.title}>
        <For each={comments.items()}>
          {(comment) => (
            <Said comment={comment} owner={props.owner} onSeek={props.onSeek} onChanged={comments.put} onGone={comments.take} />
          )}
        </For>
      </ul>
      <Show when={comments.hasMore()}>
        <button type="button" class="btn self-start" disabled={comments.loading()} onClick={comments.more}>
          {text.common.more}
        </button>
      </Show>
    </div>
  );
}

function SignInFirst() {
  return (
    <p>
      <a class="link" href={`/sign-in?then=${encodeURIComponent(path())}`}>
        {text.comments.signIn}
      </a>
    </p>
  );
}

function Composer(props: CommentsProps & { onSaid(comment: Comment): void }) {
  const body = createText("");
  const [here, setHere] = createSignal(true);
  const at = () => props.positionUs?.() ?? null;
  const form = createSending(["body", "position_us"], async () => {
    const said = { body: body().trim() };
    const { about } = props;
    const moment = here() ? at() : null;
    const position = moment === null ? {} : { position_us: Math.max(0, Math.round(moment)) };
    props.onSaid(
      await told(
        "song" in about
          ? api.POST("/api/v1/songs/{id}/comments", { params: { path: { id: about.song } }, body: { ...said, ...position } })
          : api.POST("/api/v1/albums/{id}/comments", { params: { path: { id: about.album } }, body: said }),
      ),
    );
    body.set("");
  });
  return (
    <form class="stack" onSubmit={form.submit}>
      <Field label={text.comments.say} name="body" of={body} form={form} multiline />
      <WhatIsWrong form={form} />
      <div class="row">
        <button type="submit" class="btn primary" disabled={form.busy() || !body().trim()}>
          {text.comments.send}
        </button>
        <Show when={at() !== null}>
          <label class="row">
            <input type="checkbox" checked={here()} onChange={(event) => setHere(event.currentTarget.checked)} />
            <span>
              {text.comments.here} <span class="soft num">{clock(at() ?? 0)}</span>
            </span>
          </label>
        </Show>
      </div>
    </form>
  );
}

function Said(props: {
  comment: Comment;
  owner: number | null | undefined;
  onSeek: ((us: number) => void) | undefined;
  onChanged(comment: Comment): void;
  onGone(id: number): void;
}) {
  const [editing, setEditing] = createSignal(false);
  const who = () => props.comment.author.username;
  const mine = () => props.comment.author.id === me()?.id;
  const mayTake = () => mine() || me()?.is_admin || (me() && props.owner === me()?.id);
  const itself = () => ({ params: { path: { id: props.comment.id } } });
  const take = async () => {
    if (await attempt(() => api.DELETE("/api/v1/comments/{id}", itself()))) props.onGone(props.comment.id);
  };
  const when = () => (isToday(props.comment.created_us) ? timeOfDay : dayOf)(props.comment.created_us);
  return (
    <li class="comment" id={idOf(props.comment.id)} tabindex={-1}>
      <Avatar name={who()} url={props.comment.author.avatar_url} size={32} />
      <div class="grow">
        <p class="small soft">
          <a href={`/u/${encodeURIComponent(who())}`}>{who()}</a> · {when()}
          <Show when={props.comment.edited_us}> · {text.comments.edited}</Show>
          <Show when={props.comment.position_us !== null}>
            {" · "}
            <Moment us={props.comment.position_us ?? 0} onSeek={props.onSeek} />
          </Show>
        </p>
        <Show when={editing()} fallback={<p class="bio">{props.comment.body}</p>}>
          <Edit
            comment={props.comment}
            onDone={(comment) => {
              setEditing(false);
              if (comment) props.onChanged(comment);
            }}
          />
        </Show>
      </div>
      <Show when={mayTake()}>
        <Menu label={text.comments.actions(who())}>
          <Show when={mine()}>
            <MenuItem icon="edit" onSelect={() => setEditing(true)}>
              {text.common.edit}
            </MenuItem>
          </Show>
          <MenuItem icon="trash" danger onSelect={take}>
            {text.common.delete}
          </MenuItem>
        </Menu>
      </Show>
    </li>
  );
}

function Moment(props: { us: number; onSeek: ((us: number) => void) | undefined }) {
  return (
    <Show when={props.onSeek} fallback={<span class="num">{clock(props.us)}</span>}>
      {(seek) => (
        <button type="button" class="link num" onClick={() => seek()(props.us)}>
          {clock(props.us)}
        </button>
      )}
    </Show>
  );
}

function Edit(props: { comment: Comment; onDone(comment: Comment | null): void }) {
  const body = createText(props.comment.body);
  const form = createSending(["body"], async () => {
    const params = { path: { id: props.comment.id } };
    props.onDone(await told(api.PATCH("/api/v1/comments/{id}", { params, body: { body: body().trim() } })));
  });
  return (
    <form class="stack" onSubmit={form.submit}>
      <Field label={text.comments.say} name="body" of={body} form={form} multiline autofocus />
      <WhatIsWrong form={form} />
      <FormEnd send={text.common.save} disabled={form.busy() || !body().trim()} onCancel={() => props.onDone(null)} />
    </form>
  );
}
