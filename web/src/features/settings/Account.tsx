import { Show } from "solid-js";
import { text } from "../../i18n/en";
import { api, type Me, told } from "../../net/client";
import { WhatIsWrong } from "../../shell/WhatIsWrong";
import { toast } from "../../state/notices";
import { createSending } from "../../state/sending";
import { setMe } from "../../state/session";
import { createText, Field } from "../../ui/Field";

/** What one signs in with. Changing it asks for the password that holds now. */
export function Account(props: { user: Me }) {
  const username = createText(props.user.username);
  const email = createText(props.user.email);
  const password = createText("");
  const current = createText("");
  const changes = () => ({
    ...(username().trim() === props.user.username ? {} : { username: username().trim() }),
    ...(email().trim() === props.user.email ? {} : { email: email().trim() }),
    ...(password() === "" ? {} : { password: password() }),
  });
  const changed = () => Object.keys(changes()).length > 0;
  const form = createSending(["username", "email", "password", "current_password"], async () => {
    setMe(await told(api.PATCH("/api/v1/me", { body: { ...changes(), current_password: current() } })));
    password.set("");
    current.set("");
    toast(text.settings.accountSaved);
  });
  return (
    <form class="stack" onSubmit={form.submit}>
      <Field label={text.sign.username} name="username" autocomplete="username" of={username} form={form} required />
      <Field label={text.sign.email} name="email" type="email" of={email} form={form} required />
      <Field
        label={text.settings.newPassword}
        name="new-password"
        type="password"
        autocomplete="new-password"
        of={password}
        hint={text.settings.newPasswordHint}
        form={form}
        field="password"
      />
      <Show when={changed()}>
        <Field
          label={text.settings.currentPassword}
          name="current-password"
          type="password"
          autocomplete="current-password"
          of={current}
          hint={text.settings.currentPasswordHint}
          form={form}
          field="current_password"
          required
        />
      </Show>
      <WhatIsWrong form={form} />
      <div class="row">
        <button type="submit" class="btn primary" disabled={form.busy() || !changed()}>
          {text.settings.saveAccount}
        </button>
      </div>
    </form>
  );
}
