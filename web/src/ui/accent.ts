/** The room takes its colour from the cover: one accent, moved in lightness until it can be read on the background. */

export type Rgb = readonly [number, number, number];

/** WCAG 2.2, success criterion 1.4.3. */
const READABLE = 4.5;
/** Greyer than this a colour has no hue worth taking. */
const LEAST_SATURATION = 0.18;
const SAMPLE_PX = 24;
const HUES = 24;

const BACKGROUND: Readonly<Record<"dark" | "light", Rgb>> = { dark: [41, 35, 31], light: [242, 235, 227] };
/** Light has the cover's hue, whatever its depth. */
const GLOW = { saturation: 0.5, lightness: 0.62 } as const;
const INKS: readonly Rgb[] = [
  [27, 17, 12],
  [255, 255, 255],
];

function luminance([r, g, b]: Rgb): number {
  const linear = (c: number) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4);
  return 0.2126 * linear(r / 255) + 0.7152 * linear(g / 255) + 0.0722 * linear(b / 255);
}

/** Contrast after WCAG, 1 to 21. */
export function contrast(a: Rgb, b: Rgb): number {
  const [light, dark] = [luminance(a), luminance(b)].toSorted((x, y) => y - x) as [number, number];
  return (light + 0.05) / (dark + 0.05);
}

function toHsl([r, g, b]: Rgb): [number, number, number] {
  const [max, min] = [Math.max(r, g, b) / 255, Math.min(r, g, b) / 255];
  const [l, d] = [(max + min) / 2, max - min];
  if (d === 0) return [0, 0, l];
  const s = d / (1 - Math.abs(2 * l - 1));
  const [R, G, B] = [r / 255, g / 255, b / 255];
  const h = max === R ? ((G - B) / d + 6) % 6 : max === G ? (B - R) / d + 2 : (R - G) / d + 4;
  return [h * 60, s, l];
}

function fromHsl(h: number, s: number, l: number): Rgb {
  const channel = (n: number) => {
    const k = (n + h / 30) % 12;
    return Math.round(255 * (l - s * Math.min(l, 1 - l) * Math.max(-1, Math.min(k - 3, 9 - k, 1))));
  };
  return [channel(0), channel(8), channel(4)];
}

/** The hue that most of the picture's colour has, as one of its own colours; null for a grey picture. */
export function dominant(pixels: ArrayLike<number>): Rgb | null {
  const weights = new Float64Array(HUES);
  const sums = Array.from({ length: HUES }, (): [number, number, number] => [0, 0, 0]);
  for (let i = 0; i + 3 < pixels.length; i += 4) {
    const rgb: Rgb = [pixels[i] ?? 0, pixels[i + 1] ?? 0, pixels[i + 2] ?? 0];
    const [h, s, l] = toHsl(rgb);
    const weight = s * s * (1 - Math.abs(2 * l - 1));
    if (s < LEAST_SATURATION) continue;
    const at = Math.floor(h / (360 / HUES)) % HUES;
    weights[at] = (weights[at] ?? 0) + weight;
    const sum = sums[at];
    if (sum) for (const c of [0, 1, 2] as const) sum[c] += rgb[c] * weight;
  }
  const best = weights.indexOf(Math.max(...weights));
  const [weight, sum] = [weights[best] ?? 0, sums[best]];
  if (!sum || weight < 0.5) return null;
  return [sum[0] / weight, sum[1] / weight, sum[2] / weight];
}

/** The nearest lightness at which this hue can be read on the theme's background. */
export function readable(colour: Rgb, theme: "dark" | "light"): { accent: Rgb; ink: Rgb; glow: Rgb } {
  const [h, s, l] = toHsl(colour);
  const step = theme === "dark" ? 0.02 : -0.02;
  const saturation = Math.min(0.85, Math.max(0.4, s));
  let lightness = theme === "dark" ? Math.max(l, 0.55) : Math.min(l, 0.5);
  let accent = fromHsl(h, saturation, lightness);
  while (contrast(accent, BACKGROUND[theme]) < READABLE && lightness > 0.05 && lightness < 0.95) {
    lightness += step;
    accent = fromHsl(h, saturation, lightness);
  }
  const ink = INKS.toSorted((a, b) => contrast(b, accent) - contrast(a, accent))[0] as Rgb;
  return { accent, ink, glow: fromHsl(h, Math.max(GLOW.saturation, s), GLOW.lightness) };
}

const found = new Map<string, Promise<Rgb | null>>();

/** The dominant colour of a picture of this server. */
export function colourOf(url: string): Promise<Rgb | null> {
  let colour = found.get(url);
  if (!colour) {
    colour = sample(url).catch(() => null);
    found.set(url, colour);
  }
  return colour;
}

async function sample(url: string): Promise<Rgb | null> {
  const image = new Image();
  image.src = url;
  await image.decode();
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = SAMPLE_PX;
  const context = canvas.getContext("2d", { willReadFrequently: true });
  context?.drawImage(image, 0, 0, SAMPLE_PX, SAMPLE_PX);
  const pixels = context?.getImageData(0, 0, SAMPLE_PX, SAMPLE_PX).data;
  return pixels ? dominant(pixels) : null;
}

/** Paints by the picture that was asked for last, however late an earlier one's colour comes. */
export function painter(colour: typeof colourOf = colourOf, apply: typeof paint = paint) {
  let last = 0;
  return async (url: string | null, theme: "dark" | "light"): Promise<void> => {
    const mine = ++last;
    const found = url ? await colour(url) : null;
    if (mine === last) apply(found, theme);
  };
}

/** Colours the page or a part of it, or gives it back its own accent. */
export function paint(colour: Rgb | null, theme: "dark" | "light", style = document.documentElement.style): void {
  if (!colour) {
    for (const name of ["--accent", "--accent-ink", "--glow"]) style.removeProperty(name);
    return;
  }
  const { accent, ink, glow } = readable(colour, theme);
  style.setProperty("--accent", `rgb(${accent.join(" ")})`);
  style.setProperty("--accent-ink", `rgb(${ink.join(" ")})`);
  style.setProperty("--glow", `rgb(${glow.join(" ")})`);
}
