export const push = {
  here: "Tell this device too while Octave is closed",
  hint: "Of invitations, requests, mentions, answers and new stages, where you want to hear of them. The words are encrypted for this device alone.",
  blocked: "This browser does not let this page tell you anything. Its settings for the page say so.",
  refused: "This browser was not allowed to tell you anything.",
} as const;
