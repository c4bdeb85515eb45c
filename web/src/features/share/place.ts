const ADDRESS = /https?:\/\/[^\s<>"]+/g;

/** The stage, or the door for guests, that one of some texts has a link to; null if none has. */
export function placeIn(texts: readonly (string | null)[], origin: string): string | null {
  for (const address of texts.flatMap((text) => text?.match(ADDRESS) ?? [])) {
    if (!URL.canParse(address)) continue;
    const { origin: where, pathname, search } = new URL(address);
    if (where === origin && /^\/(s\/[1-9]\d*|g\/[\w-]+)\/?$/.test(pathname)) return pathname + search;
  }
  return null;
}
