import { createSignal, Show } from "solid-js";
import { createSending } from "../app/sending";
import { me, register, signIn } from "../app/session";
import { navigate, path } from "../router";
import { text } from "../text";
import { Field } from "../ui/Field";

export function SignInScreen() {
  return (
    <div class="page">
      <div class="sign">
        <SignIn />
      </div>
    </div>
  );
}

/** Sign in and register in one card; both end where one was, or in the lobby. */
export function SignIn() {
  const [isNew, setNew] = createSignal(false);
  const [login, setLogin] = createSignal("");
  const [email, setEmail] = createSignal("");
  const [password, setPassword] = createSignal("");
  const form = createSending(["username", "email", "password"], async () => {
    if (isNew()) await register(login().trim(), email().trim(), password());
    else await signIn(login().trim(), password());
    if (me() && path() === "/sign-in") navigate("/", { replace: true });
  });

  return (
    <form class="card stack" onSubmit={form.submit}>
      <h1>{isNew() ? text.sign.newHere : text.sign.welcomeBack}</h1>
      <p class="soft">{text.app.tagline}</p>
      <Field
        label={isNew() ? text.sign.username : text.sign.login}
        name="username"
        autocomplete="username"
        value={login()}
        onInput={setLogin}
        error={isNew() ? form.beside("username") : undefined}
        required
        autofocus
      />
      <Show when={isNew()}>
        <Field
          label={text.sign.email}
          name="email"
          type="email"
          autocomplete="email"
          value={email()}
          onInput={setEmail}
          error={form.beside("email")}
          required
        />
      </Show>
      <Field
        label={text.sign.password}
        name="password"
        type="password"
        autocomplete={isNew() ? "new-password" : "current-password"}
        value={password()}
        onInput={setPassword}
        hint={isNew() ? text.sign.passwordHint : undefined}
        error={isNew() ? form.beside("password") : undefined}
        required
      />
      <Show when={form.below()}>
        <p class="wrong" role="alert">
          {form.below()}
        </p>
      </Show>
      <button type="submit" class="btn primary" disabled={form.busy()}>
        {isNew() ? text.sign.up : text.sign.in}
      </button>
      <button type="button" class="btn plain" onClick={() => setNew(!isNew())}>
        {isNew() ? text.sign.toLogin : text.sign.toRegister}
      </button>
    </form>
  );
}
