/** Firefox as Debian has it, as a listener: with the same two things to do as `chromium.mjs` has. */

import { Firefox } from "../../browser/firefox.js";

/** The page's own clock, as fine as pages that are isolated have it at best. */
const PREFS = { "privacy.reduceTimerPrecision": false };

/** Starts a browser whose sound goes to `sink` of the sound server at `pulse`, at `url`. */
export async function openFirefox({ sink, pulse }, url, { before = "", cookies = [] } = {}) {
  const firefox = await Firefox.launch({ env: { PULSE_SERVER: pulse, PULSE_SINK: sink }, prefs: PREFS });
  await firefox.goes(url);
  for (const { name, value } of cookies) await firefox.keepsCookie({ name, value, path: "/" });
  await firefox.comesTo(`(() => { ${before} })()`);
  return { page: { evaluate: (expression) => firefox.comesTo(expression) }, close: () => firefox.close() };
}
