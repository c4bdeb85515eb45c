import { createEffect, createSignal, onCleanup, Show } from "solid-js";
import { Dynamic } from "solid-js/web";
import { text } from "../../i18n/en";
import { navigate, path, placeWithin, query } from "../../routes";
import { WhatIsWrong } from "../../shell/WhatIsWrong";
import { preferences } from "../../state/preferences";
import { createSending } from "../../state/sending";
import { me, register, server, signIn } from "../../state/session";
import { forgetWish, fulfil } from "../../state/wish";
import { createText, Field } from "../../ui/Field";

/** Signed in, one goes on to what one wanted. */
export function SignInScreen() {
  createEffect(() => {
    if (!me() || path() !== "/sign-in") return;
    const place = placeWithin(query().get("then"));
    // First what was wanted: the place shows how things are then.
    void fulfil().finally(() => path() === "/sign-in" && navigate(place, { replace: true }));
  });
  onCleanup(forgetWish);
  return (
    <div class="page">
      <div class="sign">
        <SignIn
          new={query().has("new") || (path() !== "/sign-in" && !preferences.known())}
          invite={query().get("invite") ?? undefined}
        />
      </div>
    </div>
  );
}

/** Sign in and register in one card, beginning with what is more likely. */
export function SignIn(props: { new: boolean; invite?: string | undefined; level?: "h1" | "h2" }) {
  const registration = () => server()?.registration;
  const mayRegister = () => registration() !== "closed" && (registration() !== "invite" || props.invite !== undefined);
  const [wantsNew, setNew] = createSignal(props.new);
  const isNew = () => wantsNew() && mayRegister();
  const login = createText("");
  const email = createText("");
  const password = createText("");
  const form = createSending(["username", "email", "password"], async () => {
    if (isNew()) await register({ username: login().trim(), email: email().trim(), password: password(), invite: props.invite });
    else await signIn(login().trim(), password());
  });
  const title = () => (isNew() ? text.sign.newHere : preferences.known() ? text.sign.welcomeBack : text.sign.in);

  return (
    <form class="card stack" onSubmit={form.submit}>
      <Dynamic component={props.level ?? "h1"}>{title()}</Dynamic>
      <p class="soft">{text.app.tagline}</p>
      <Show when={server()?.demo}>{(demo) => <Demo {...demo()} />}</Show>
      <Field
        label={isNew() ? text.sign.username : text.sign.login}
        name="username"
        autocomplete="username"
        of={login}
        form={form}
        required
        autofocus
      />
      <Show when={isNew()}>
        <Field label={text.sign.email} name="email" type="email" of={email} form={form} required />
      </Show>
      <Field
        label={text.sign.password}
        name="password"
        type="password"
        autocomplete={isNew() ? "new-password" : "current-password"}
        of={password}
        hint={isNew() ? text.sign.passwordHint : undefined}
        form={form}
        required
      />
      <WhatIsWrong form={form} />
      <button type="submit" class="btn primary" disabled={form.busy()}>
        {isNew() ? text.sign.up : text.sign.in}
      </button>
      <Show
        when={mayRegister()}
        fallback={<p class="soft small">{registration() === "invite" ? text.sign.invited : text.sign.closed}</p>}
      >
        <button type="button" class="btn plain" onClick={() => setNew(!isNew())}>
          {isNew() ? text.sign.toLogin : text.sign.toRegister}
        </button>
      </Show>
    </form>
  );
}

/** A demo is for looking around: its account is everybody's. */
function Demo(props: { username: string; password: string }) {
  const enter = createSending([], () => signIn(props.username, props.password));
  return (
    <div class="stack tight demo">
      <p class="small">{text.sign.demo(props.username, props.password)}</p>
      <button type="button" class="btn" disabled={enter.busy()} onClick={enter.submit}>
        {text.sign.demoEnter}
      </button>
      <WhatIsWrong form={enter} />
    </div>
  );
}
