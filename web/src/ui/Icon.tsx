import type { JSX } from "solid-js";

/** Drawn on a 24 px grid with one stroke, so that they look like a family. */
const PATHS = {
  play: "M7 4.5v15l12-7.5z",
  pause: "M8 5v14M16 5v14",
  next: "M5 5v14l10-7zM19 5v14",
  previous: "M19 5v14L9 12zM5 5v14",
  volume: "M4 9.5v5h4l5 4v-13l-5 4zM16.5 9a4 4 0 0 1 0 6M19 6.5a8 8 0 0 1 0 11",
  muted: "M4 9.5v5h4l5 4v-13l-5 4zM17 10l4 4M21 10l-4 4",
  shuffle:
    "M3 7h3.5c5 0 6 10 11 10H21M3 17h3.5c1.8 0 3-1.2 4-2.8M13.5 9.800c1-1.600 2.200-2.800 4-2.800H21M18.500 4.500 21 7l-2.500 2.500M18.500 14.500 21 17l-2.500 2.500",
  repeat: "M4 11V9a3 3 0 0 1 3-3h12M16 3l3 3-3 3M20 13v2a3 3 0 0 1-3 3H5M8 21l-3-3 3-3",
  add: "M12 5v14M5 12h14",
  bell: "M6 16v-5a6 6 0 0 1 12 0v5l2 2H4zM10 20.500a2 2 0 0 0 4 0",
  close: "M6 6l12 12M18 6 6 18",
  more: "M5 12h.01M12 12h.01M19 12h.01",
  search: "M11 18a7 7 0 1 0 0-14 7 7 0 0 0 0 14zM20 20l-4-4",
  send: "M4 12 20 4l-5 16-4-7zM11 13l9-9",
  reply: "M9 7 4 12l5 5M4 12h10a6 6 0 0 1 6 6",
  edit: "M4 20l1-4L16.500 4.500l3 3L8 19zM14 7l3 3",
  trash: "M4 7h16M9 7V4h6v3M6 7l1 13h10l1-13M10 11v5M14 11v5",
  grip: "M9 6h.01M15 6h.01M9 12h.01M15 12h.01M9 18h.01M15 18h.01",
  people:
    "M9 11.500a3.500 3.500 0 1 0 0-7 3.500 3.500 0 0 0 0 7zM2.500 20a6.500 6.500 0 0 1 13 0M16 4.800a3.500 3.500 0 0 1 0 6.400M18.500 14.500a6.500 6.500 0 0 1 3 5.500",
  chat: "M4 5h16v11H9l-5 4z",
  queue: "M4 6h16M4 12h10M4 18h7M17 13v7l5-3.500z",
  link: "M10 14a4 4 0 0 0 6 .5l3-3a4 4 0 0 0-5.700-5.700L12 7M14 10a4 4 0 0 0-6-.5l-3 3a4 4 0 0 0 5.700 5.700L12 17",
  settings:
    "M4 7h9M19 7h1M4 17h1M11 17h9M16 9.500a2.500 2.500 0 1 0 0-5 2.500 2.500 0 0 0 0 5zM8 19.500a2.500 2.500 0 1 0 0-5 2.500 2.500 0 0 0 0 5z",
  heart:
    "M12 20S4 15 4 9.300C4 6.600 6 5 8 5c1.800 0 3.200 1 4 2.500C12.800 6 14.200 5 16 5c2 0 4 1.600 4 4.300C20 15 12 20 12 20z",
  leave: "M14 4h5v16h-5M10 8l-4 4 4 4M6 12h9",
  upload: "M12 16V5M7.500 9.500 12 5l4.500 4.500M5 16v3h14v-3",
  download: "M12 5v11M7.500 11.500 12 16l4.500-4.500M5 16v3h14v-3",
  music: "M9 18V6l11-2v12M9 18a2.500 2.500 0 1 1-5 0 2.500 2.500 0 0 1 5 0zM20 16a2.500 2.500 0 1 1-5 0 2.500 2.500 0 0 1 5 0z",
  room: "M12 14.500a2.500 2.500 0 1 0 0-5 2.500 2.500 0 0 0 0 5zM7.500 7.500a6.400 6.400 0 0 0 0 9M16.500 7.500a6.400 6.400 0 0 1 0 9M4.500 4.500a10.600 10.600 0 0 0 0 15M19.500 4.500a10.600 10.600 0 0 1 0 15",
  up: "M12 19V5M6 11l6-6 6 6",
  down: "M12 5v14M6 13l6 6 6-6",
  check: "M5 12.500 10 17.500 19 7",
  smile: "M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18zM8.500 14.500a4.500 4.500 0 0 0 7 0M9 9.500h.01M15 9.500h.01",
  ban: "M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18zM5.700 5.700l12.600 12.600",
  past: "M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18zM12 7v5.500l3.500 2",
  list: "M8 6h12M8 12h12M8 18h12M4 6h.01M4 12h.01M4 18h.01",
} as const;

export type IconName = keyof typeof PATHS;

const DOTTED: ReadonlySet<IconName> = new Set(["more", "grip"]);
const FILLED: ReadonlySet<IconName> = new Set(["play"]);

export function Icon(props: { name: IconName; filled?: boolean; size?: number }): JSX.Element {
  return (
    <svg
      class={DOTTED.has(props.name) ? "icon dots" : "icon"}
      viewBox="0 0 24 24"
      aria-hidden="true"
      width={props.size}
      height={props.size}
      ref={(el) => {
        if (props.size) {
          el.style.setProperty("width", `${props.size}px`);
          el.style.setProperty("height", `${props.size}px`);
        }
      }}
    >
      <path d={PATHS[props.name]} fill={props.filled || FILLED.has(props.name) ? "currentColor" : undefined} />
    </svg>
  );
}
