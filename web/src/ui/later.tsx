import { type Component, Show } from "solid-js";
import { Dynamic } from "solid-js/web";
import { text } from "../i18n/en";
import { createFetched } from "../state/fetched";

/**
 * A part of the page whose code comes when it is first wanted, so that the first paint waits for less. Where it doesn't
 * come, that is said in its place, with a way to try again.
 */
export function later<P extends object>(load: () => Promise<Component<P>>): Component<P> {
  let known: Component<P> | undefined;
  return (props) => {
    if (known) return <Dynamic component={known} {...props} />;
    const part = createFetched(
      () => true,
      async () => {
        known = await load();
        return known;
      },
    );
    return (
      <>
        <Show when={part.error()}>
          <div class="row later-failed" role="alert">
            <p class="wrong">{text.errors.noPart}</p>
            <button type="button" class="btn" disabled={part.loading()} onClick={() => part.again()}>
              {text.common.retry}
            </button>
          </div>
        </Show>
        <Show when={part.value()} fallback={<Coming failed={part.error() !== null} />}>
          {(component) => <Dynamic component={component()} {...props} />}
        </Show>
      </>
    );
  };
}

/** Seen only where it takes a while. */
function Coming(props: { failed: boolean }) {
  return (
    <Show when={!props.failed}>
      <p class="later soft small" role="status">
        {text.common.loading}
      </p>
    </Show>
  );
}
