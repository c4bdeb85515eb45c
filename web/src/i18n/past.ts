/** What is said of stages that have ended. */
export const past = {
  emptyTitle: "No past evenings yet",
  emptyText: "A stage that you were in stands here once it has ended, with what was played.",
  look: "What happened",
  lookAt: (name: string) => `What happened in ${name}`,
  hosted: (host: string, from: string, to: string) => `${host} · ${from} – ${to}`,
} as const;
