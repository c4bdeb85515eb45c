/** Figures as a table, differences over time as a picture. */

import { heard, meets } from "./measure.mjs";

const COLOURS = ["#c2410c", "#0f766e", "#6d28d9", "#be123c", "#1d4ed8", "#4d7c0f"];

/** A Markdown table of a scenario's rows. */
export function table(rows) {
  const cell = (v) => (v === undefined ? "" : String(v));
  const lines = rows.map((r) => {
    const target = r.target ? `${r.target[0]} / ${r.target[1]}` : "";
    const standing = meets(r) ? "" : "**missed**";
    const note = [standing, r.note].filter(Boolean).join("; ");
    return `| ${[r.name, target, r.p50, r.p90, r.p99, r.max, r.windows, r.silent, r.load.toFixed(1), note].map(cell).join(" | ")} |`;
  });
  return [
    "| case | target p50 / p99, ms | p50 | p90 | p99 | greatest | windows | silent | load | |",
    "| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |",
    ...lines,
  ].join("\n");
}

/** Pairwise differences over time as SVG; the scale bends so that 0.1 ms and 100 ms can both be seen. */
export function plot(title, all) {
  const points = heard(all);
  const [width, height, left, bottom] = [900, 280, 56, 36];
  const from = Math.min(...points.map((p) => p.at));
  const to = Math.max(...points.map((p) => p.at), from + 1);
  const bend = (ms) => Math.sign(ms) * Math.log10(1 + Math.abs(ms) / 0.2);
  const reach = bend(Math.max(2, ...points.map((p) => Math.abs(p.ms))));
  const x = (at) => left + ((at - from) / (to - from)) * (width - left - 12);
  const y = (ms) => 28 + ((reach - bend(ms)) / (2 * reach)) * (height - 28 - bottom);
  const pairs = [...new Set(points.map((p) => `${p.a}–${p.b}`))];
  const grid = [0, 0.5, 2, 10, 50, 200]
    .flatMap((v) => (v ? [v, -v] : [v]))
    .filter((v) => bend(Math.abs(v)) <= reach)
    .map((v) => `<path d="M${left} ${y(v).toFixed(1)}H${width - 12}" class="g"/><text x="${left - 6}" y="${(y(v) + 4).toFixed(1)}" text-anchor="end">${v}</text>`);
  const dots = points.map((p) => {
    const colour = COLOURS[pairs.indexOf(`${p.a}–${p.b}`) % COLOURS.length];
    return `<circle cx="${x(p.at).toFixed(1)}" cy="${y(p.ms).toFixed(1)}" r="1.8" fill="${colour}"/>`;
  });
  const key = pairs.map((pair, i) => `<text x="${width - 12 - 56 * (pairs.length - 1 - i)}" y="16" text-anchor="end" fill="${COLOURS[i % COLOURS.length]}">${pair}</text>`);
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" font-family="system-ui, sans-serif" font-size="12">
<style>text{fill:#57534e}.g{stroke:#a8a29e;stroke-opacity:.4;fill:none}</style>
<rect width="100%" height="100%" fill="#fafaf9"/>
<text x="${left}" y="16">${title}: difference between listeners, ms</text>
${key.join("\n")}
${grid.join("\n")}
${dots.join("\n")}
<text x="${width - 12}" y="${height - 10}" text-anchor="end">${(to - from).toFixed(0)} s of recording</text>
</svg>
`;
}
