import { createSignal, Show } from "solid-js";
import { ApiError } from "../api/client";
import { explain } from "../app/errors";
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
  const [error, setError] = createSignal<unknown>(null);
  const [busy, setBusy] = createSignal(false);

  async function submit(event: SubmitEvent): Promise<void> {
    event.preventDefault();
    setBusy(true);
    setError(null);
    try {
      if (isNew()) await register(login().trim(), email().trim(), password());
      else await signIn(login().trim(), password());
      if (me() && path() === "/sign-in") navigate("/", { replace: true });
    } catch (failure) {
      setError(failure);
    } finally {
      setBusy(false);
    }
  }

  const beside = (field: string) => {
    const failure = error();
    if (!(failure instanceof ApiError)) return undefined;
    if (failure.code === `${field}_taken`) return explain(failure);
    return failure.field(field);
  };
  const general = () => {
    const failure = error();
    if (!failure || ["username", "email", "password"].some(beside)) return undefined;
    return explain(failure);
  };

  return (
    <form class="card stack" onSubmit={submit}>
      <h1>{isNew() ? text.sign.newHere : text.sign.welcomeBack}</h1>
      <p class="soft">{text.app.tagline}</p>
      <Field
        label={isNew() ? text.sign.username : text.sign.login}
        name="username"
        autocomplete="username"
        value={login()}
        onInput={setLogin}
        error={isNew() ? beside("username") : undefined}
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
          error={beside("email")}
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
        error={isNew() ? beside("password") : undefined}
        required
      />
      <Show when={general()}>
        <p class="wrong" role="alert">
          {general()}
        </p>
      </Show>
      <button type="submit" class="btn primary" disabled={busy()}>
        {isNew() ? text.sign.up : text.sign.in}
      </button>
      <button type="button" class="btn plain" onClick={() => setNew(!isNew())}>
        {isNew() ? text.sign.toLogin : text.sign.toRegister}
      </button>
    </form>
  );
}
