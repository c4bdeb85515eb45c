import { For, Show } from "solid-js";
import { dismiss, toasts } from "./notices";

export function Toasts() {
  return (
    <div class="toasts" role="status" aria-live="polite">
      <For each={toasts()}>
        {(toast) => (
          <div class="toast" classList={{ error: toast.tone === "error" }}>
            <span>{toast.text}</span>
            <Show when={toast.action}>
              {(action) => (
                <a href={action().href} onClick={() => dismiss(toast.id)}>
                  {action().label}
                </a>
              )}
            </Show>
          </div>
        )}
      </For>
    </div>
  );
}
