/**
 * Which output the sound takes. Browsers name it only to pages with a permission for devices; where they do, an output
 * that was chosen once by hand is found again by its name when it is plugged in.
 */

import { type Output, preferences } from "./preferences";

/** The name of the system's default output; null where it is not told. */
async function nameOfOutput(): Promise<string | null> {
  const devices = (await navigator.mediaDevices?.enumerateDevices().catch(() => [])) ?? [];
  const outputs = devices.filter((device) => device.kind === "audiooutput");
  const used = outputs.find((device) => device.deviceId === "default") ?? outputs[0];
  return used?.label || null;
}

/** Chooses an output by hand. */
export async function chooseOutput(output: Output): Promise<void> {
  preferences.setOutput(output);
  const name = await nameOfOutput();
  if (name) preferences.setNamed({ ...preferences.named(), [name]: output });
}

/** Follows the system from one known output to another; returns how to stop that. */
export function followOutput(): () => void {
  const { mediaDevices } = navigator;
  if (!mediaDevices) return () => undefined;
  const look = async () => {
    const name = await nameOfOutput();
    const known = name ? preferences.named()[name] : undefined;
    if (known) preferences.setOutput(known);
  };
  void look();
  mediaDevices.addEventListener("devicechange", look);
  return () => mediaDevices.removeEventListener("devicechange", look);
}
