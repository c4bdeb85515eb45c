import { createRenderEffect, createSignal, Show } from "solid-js";
import { hueOf, initial } from "./format";

/**
 * Keeps a custom property; the content security policy allows that where it refuses a `style` attribute. The element
 * outlives its name: what plays has one place for every song.
 */
const withHue = (name: () => string) => (el: HTMLElement) =>
  createRenderEffect(() => el.style.setProperty("--hue", String(hueOf(name()))));

/** A square picture; what has none gets a coloured field with its initial. */
export function Cover(props: { url: string | null | undefined; name: string; eager?: boolean }) {
  const [broken, setBroken] = createSignal<string | null>(null);
  return (
    <div class="cover" aria-hidden="true">
      <Show
        when={props.url && props.url !== broken() ? props.url : null}
        keyed
        fallback={
          <div class="blank" ref={withHue(() => props.name)}>
            {initial(props.name)}
          </div>
        }
      >
        {(url) => (
          <img src={url} alt="" loading={props.eager ? "eager" : "lazy"} decoding="async" onError={() => setBroken(url)} />
        )}
      </Show>
    </div>
  );
}

export function Avatar(props: { name: string; url: string | null | undefined; size?: number }) {
  const [broken, setBroken] = createSignal<string | null>(null);
  return (
    <span
      class="avatar"
      aria-hidden="true"
      ref={(el) => {
        withHue(() => props.name)(el);
        if (props.size) el.style.setProperty("--size", `${props.size}px`);
      }}
    >
      <Show when={props.url && props.url !== broken() ? props.url : null} keyed fallback={initial(props.name)}>
        {(url) => <img src={url} alt="" loading="lazy" onError={() => setBroken(url)} />}
      </Show>
    </span>
  );
}
