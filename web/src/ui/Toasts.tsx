import { createEffect, For, on, Show, untrack } from "solid-js";
import { text } from "../i18n/en";
import { path } from "../routes";
import { dismiss, hold, release, toasts } from "../state/notices";
import { Icon } from "./Icon";

/** `shown` where they are in front: what lies below a dialog is neither seen nor read out. */
export function Toasts(props: { shown: boolean }) {
  // What confirmed something on a screen is of no use on the next one.
  createEffect(
    on(
      path,
      () => untrack(toasts).forEach((toast) => toast.tone === "plain" && !toast.action && !toast.lasts && dismiss(toast.id)),
      {
        defer: true,
      },
    ),
  );
  return (
    <div class="toasts" role="status" aria-live="polite">
      <For each={props.shown ? toasts() : []}>
        {(toast) => (
          <div
            class="toast"
            classList={{ error: toast.tone === "error" }}
            onPointerEnter={() => hold(toast.id)}
            onPointerLeave={() => release(toast)}
            onFocusIn={() => hold(toast.id)}
            onFocusOut={() => release(toast)}
          >
            <span class="grow">{toast.text}</span>
            <Show when={toast.action}>
              {(action) => (
                <a href={action().href} onClick={() => dismiss(toast.id)}>
                  {action().label}
                </a>
              )}
            </Show>
            <button type="button" class="btn icon-only" aria-label={text.common.dismiss} onClick={() => dismiss(toast.id)}>
              <Icon name="close" size={16} />
            </button>
          </div>
        )}
      </For>
    </div>
  );
}
