/** What is said of the sync figures. */

export const figures = {
  corrections: (slews: number, anchors: number) => `${slews} small, ${anchors} jumps`,
  rows: [
    ["bound", "In sync", "The most that you can be off, all doubts counted"],
    ["error", "Error", "How far the sound is ahead of the line"],
    ["speed", "Speed", "By how much the song is sped up or slowed down at this moment"],
    ["corrections", "Corrections", "Since you came in"],
    ["rtt", "Round trip", "The least of the last minutes"],
    ["offset", "Server’s clock", "How far it is ahead of this device’s clock"],
    ["skew", "Skew", "How much faster the server’s clock runs"],
    ["latency", "Output latency", "From the page to the ear, as the device tells"],
    ["scatter", "Scatter", "How much the device’s time stamps disagree"],
    ["byHand", "Set by hand", "How late your output is, by the settings"],
  ] as const,
} as const;
