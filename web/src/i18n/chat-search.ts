import { plural } from "./plural";

export const chatSearch = {
  title: "Search the conversation",
  box: "What was said",
  found: (n: number, most: number) => (n < most ? plural(n, "line", "lines") : `The latest ${most} lines`),
  none: (q: string) => `Nobody said “${q}” here.`,
} as const;
