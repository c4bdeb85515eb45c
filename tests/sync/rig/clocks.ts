/** Prints how far apart the clocks of two listeners are, family by family: `tests/sync/run clocks [SEEDS] [FAMILY…]`. */

import { FAMILIES } from "../../../web/src/sync/testing/jitter";
import { CANDIDATES, score, TIMES } from "../../../web/src/sync/testing/simulation";

const [count = "30", ...chosen] = process.argv.slice(2);
const seeds = Number(count);
const columns = (values: number[], digits: number) => values.map((v) => v.toFixed(digits)).join(" ");

console.log(
  `| family, ${seeds} pairs | ms apart after ${TIMES.join(", ")} s: before | now | now, asked as before | worst ratio | least share within the bound: before, now | bound at 180 s: before, now | probes |`,
);
console.log("| --- | --- | --- | --- | --- | --- | --- | --- |");
for (const family of chosen.length > 0 ? chosen : Object.keys(FAMILIES)) {
  const [before, now, asked] = Object.values(CANDIDATES).map((candidate) => score(candidate, family, seeds));
  if (!before || !now || !asked) continue;
  const worst = Math.max(...now.apart.map((ms, i) => ms / (before.apart[i] ?? NaN)));
  const within = [before, now].map((s) => Math.min(...s.within).toFixed(3)).join(", ");
  const bound = [before, now].map((s) => (s.bound.at(-1) ?? NaN).toFixed(1)).join(", ");
  const apart = [before, now, asked].map((s) => columns(s.apart, 2)).join(" | ");
  console.log(`| ${family} | ${apart} | ${worst.toFixed(2)} | ${within} | ${bound} | ${Math.round(now.probes)} |`);
}
