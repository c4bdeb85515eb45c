import { createEffect } from "solid-js";
import { text } from "../../i18n/en";
import { guests as say } from "../../i18n/guests";
import { api, told } from "../../net/client";
import { navigate } from "../../routes";
import { WhatIsWrong } from "../../shell/WhatIsWrong";
import { toast } from "../../state/notices";
import { createSending } from "../../state/sending";
import { enterAnew, me } from "../../state/session";
import { createText, Field } from "../../ui/Field";

/** What the server takes as a username; a guest may be called anything. */
const usernameOf = (name: string) => name.replace(/ \(\d+\)$/, "").replace(/[^\p{L}\p{N}_.-]/gu, "");

/** Where a guest makes an account of their name. It stands wherever one needs one, too. */
export function KeepScreen() {
  const stage = me()?.guest_of?.stage;
  const username = createText(usernameOf(me()?.username ?? ""));
  const email = createText("");
  const password = createText("");
  const back = () => (stage === undefined ? "/" : `/s/${stage}`);
  createEffect(() => {
    if (!me()?.guest) navigate(back(), { replace: true });
  });
  const form = createSending(["username", "email", "password"], async () => {
    const body = { username: username().trim(), email: email().trim(), password: password() };
    await enterAnew(() => told(api.POST("/api/v1/me/keep", { body })));
    toast(say.keep.done);
  });
  return (
    <div class="page">
      <form class="card stack sign" onSubmit={form.submit}>
        <h1>{say.keep.title}</h1>
        <p class="soft">{say.keep.why}</p>
        <Field label={text.sign.username} name="username" autocomplete="username" of={username} form={form} required />
        <Field label={text.sign.email} name="email" type="email" of={email} form={form} required autofocus />
        <Field
          label={text.sign.password}
          name="password"
          type="password"
          autocomplete="new-password"
          of={password}
          hint={text.sign.passwordHint}
          form={form}
          required
        />
        <WhatIsWrong form={form} />
        <button type="submit" class="btn primary" disabled={form.busy()}>
          {say.keep.submit}
        </button>
        <a class="btn plain" href={back()}>
          {say.keep.back}
        </a>
      </form>
    </div>
  );
}
