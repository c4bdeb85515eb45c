// Draws a flame graph of what `perf script` prints: node load-tests/flame.mjs TITLE < stacks > graph.svg
//
// Time runs upwards from caller to callee, and the width of a box is its share of the samples. Boxes of the kernel, of the
// program and of its libraries have different colours. Point at a box for its whole name and share.

import { readFileSync } from "node:fs";

const WIDTH = 1200;
const ROW = 16;
/** Boxes below this share are left out, in parts of the whole. */
const LEAST = 0.003;
const COLOURS = { kernel: "#e8a36b", program: "#7fb77e", library: "#8fb3d9", thread: "#c9c9c9" };

/** One sample per paragraph: a line with the thread's name, then its stack from the innermost frame outwards. */
function* samples(text) {
  for (const paragraph of text.split(/\n\s*\n/)) {
    const [head, ...lines] = paragraph.trim().split("\n");
    const thread = head?.match(/^(.+?)\s+\d+/)?.[1];
    const frames = lines.map((line) => line.trim().match(/^[0-9a-f]+ (.+) \((.*)\)$/)).filter(Boolean);
    if (thread && frames.length > 0) {
      yield [{ name: thread, kind: "thread" }, ...frames.reverse().map(([, symbol, file]) => frame(symbol, file))];
    }
  }
}

function frame(symbol, file) {
  const kind = file.includes("kernel") ? "kernel" : /\.so/.test(file) || /sqlite3|pcache/.test(symbol) ? "library" : "program";
  return { name: symbol.replace(/\+0x[0-9a-f]+$/, ""), kind };
}

function tree(all) {
  const root = { name: "all", kind: "thread", count: 0, children: new Map() };
  for (const stack of all) {
    let node = root;
    node.count += 1;
    for (const { name, kind } of stack) {
      if (!node.children.has(name)) node.children.set(name, { name, kind, count: 0, children: new Map() });
      node = node.children.get(name);
      node.count += 1;
    }
  }
  return root;
}

/** The end of a path says most: `octave::stage::feed::Feed::flush` is shown as `Feed::flush`. */
function short(name) {
  const plain = name.replace(/::\{\{?(closure|impl)[^}]*\}\}?/g, "").replace(/<[^<>]*>/g, "").replace(/<[^<>]*>/g, "");
  return plain.split("::").filter(Boolean).slice(-2).join("::") || name;
}

const escape = (text) => text.replace(/[&<>"]/g, (c) => ({ "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" })[c]);

function draw(root, title) {
  const boxes = [];
  let deepest = 0;
  const place = (node, x, depth) => {
    const share = node.count / root.count;
    if (share < LEAST) return;
    deepest = Math.max(deepest, depth);
    boxes.push({ node, x, depth, share });
    let at = x;
    for (const child of [...node.children.values()].sort((a, b) => (a.name < b.name ? -1 : 1))) {
      place(child, at, depth + 1);
      at += child.count / root.count;
    }
  };
  place(root, 0, 0);
  const height = (deepest + 3) * ROW;
  const drawn = boxes.map(({ node, x, depth, share }) => {
    const [left, top, width] = [x * WIDTH, height - (depth + 1) * ROW, share * WIDTH];
    const fits = Math.floor((width - 4) / 6.2);
    const label = fits >= 3 ? `<text x="${(left + 2).toFixed(1)}" y="${top + 12}">${escape(short(node.name).slice(0, fits))}</text>` : "";
    const tip = `<title>${escape(node.name)}, ${(share * 100).toFixed(1)} %</title>`;
    const box = `<rect x="${left.toFixed(1)}" y="${top}" width="${Math.max(width - 0.5, 0.3).toFixed(1)}" height="${ROW - 1}" fill="${COLOURS[node.kind]}"/>`;
    return `<g>${tip}${box}${label}</g>`;
  });
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" font-family="monospace" font-size="10">`,
    `<rect width="100%" height="100%" fill="#fff"/><text x="4" y="14" font-size="13">${escape(title)}</text>`,
    ...drawn,
    "</svg>",
    "",
  ].join("\n");
}

process.stdout.write(draw(tree(samples(readFileSync(0, "utf8"))), process.argv[2] ?? "Flame graph"));
