/** What is said of which devices sound. */
export const speaker = {
  remote: "This device steers. The sound is elsewhere.",
  soundHere: "Sound here",
  steer: "Steer only, no sound here",
  steerNot: "Sound on this device again",
  mine: "Only my device sounds",
  theirs: (name: string) => `Only ${name}’s device sounds`,
  all: "Let everybody sound",
  only: (name: string) => `Only ${name}’s device sounds.`,
  away: (name: string) => `Only ${name}’s device sounds, and ${name} is not here.`,
  badge: "Speaker",
  remoteBadge: "Remote",
} as const;
