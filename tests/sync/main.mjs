/**
 * Plays songs to several real browsers through a real server, records their sound together, and says how far apart they
 * are. See docs/measurements/sync.md.
 */

import { execFileSync } from "node:child_process";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { meets } from "./rig/measure.mjs";
import { plot, table } from "./rig/report.mjs";
import { setUp } from "./rig/room.mjs";
import { SCENARIOS, USUAL } from "./rig/scenarios.mjs";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { write: { type: "boolean" }, verbose: { type: "boolean" }, notes: { type: "string" }, keep: { type: "string" }, sound: { type: "string" }, block: { type: "string" } },
});
const names = positionals.length ? positionals : USUAL;
const unknown = names.filter((n) => !SCENARIOS[n]);
if (unknown.length) {
  console.error(`no such scenario: ${unknown.join(", ")}; there are ${Object.keys(SCENARIOS).join(", ")}`);
  process.exit(2);
}

const ROOT = join(import.meta.dirname, "../..");
const rig = await setUp({ keep: values.keep, sound: values.sound, blockMs: Number(values.block ?? 10) });
let missed = 0;
try {
  for (const name of names) {
    console.log(`\n${SCENARIOS[name].name}`);
    const { rows, points } = await SCENARIOS[name].run(rig);
    for (const r of rows) {
      const ok = meets(r);
      if (!ok) missed += 1;
      console.log(`  ${ok ? " " : "!"} ${r.name}: p50 ${r.p50}, p90 ${r.p90}, p99 ${r.p99}, max ${r.max} (${r.windows} windows, ${r.silent ?? 0} silent, ${r.unmatched ?? 0} unmatched, load ${r.load.toFixed(1)})${r.note ? `; ${r.note}` : ""}`);
    }
    if (values.verbose) for (const p of points) console.log(`    ${p.at.toFixed(2)} ${p.a}-${p.b} ${p.silent ? "silent" : p.ms.toFixed(2)}${p.silent || p.sharp ? "" : " ?"}`);
    const notes = rig.takeNotes();
    if (values.notes) {
      await mkdir(values.notes, { recursive: true });
      await writeFile(join(values.notes, `${name}.json`), JSON.stringify({ points, ...notes }));
    }
    if (values.write) await write(name, rows, points);
  }
} finally {
  await rig.tearDown();
}
console.log(missed ? `\n${missed} targets missed` : "\nall targets met");
process.exit(missed ? 1 : 0);

/** Puts a scenario's table and picture into docs, between its own marks. */
async function write(name, rows, points) {
  const file = join(ROOT, "docs/measurements/sync.md");
  await mkdir(join(ROOT, "docs/measurements/sync"), { recursive: true });
  const revision = execFileSync("git", ["rev-parse", "--short", "HEAD"], { cwd: ROOT, encoding: "utf8" }).trim();
  let body = `${table(rows)}\n`;
  if (points.length) {
    await writeFile(join(ROOT, `docs/measurements/sync/${name}.svg`), plot(SCENARIOS[name].name, points));
    body += `\n![Differences over time](sync/${name}.svg)\n`;
  }
  const mark = new RegExp(`(<!-- figures:${name} -->\n)[\\s\\S]*?(<!-- /figures -->)`);
  const text = await readFile(file, "utf8");
  await writeFile(file, text.replace(mark, `$1\n\`tests/sync/run ${name}\` at ${revision}:\n\n${body}\n$2`));
}
