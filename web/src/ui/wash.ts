import { type Accessor, createEffect } from "solid-js";
import { isLight } from "../state/preferences";
import { colourOf, paint, painter } from "./accent";

/** Washes a part of the page in a picture's colour, as the room is in that of what plays; `.washed` says how it looks. */
export const washed = (url: Accessor<string | null | undefined>) => (el: HTMLElement) => {
  const paintBy = painter(colourOf, (colour, theme) => {
    paint(colour, theme, el.style);
    el.toggleAttribute("data-washed", colour !== null);
  });
  createEffect(() => void paintBy(url() ?? null, isLight() ? "light" : "dark"));
};
