import { ApiError } from "../api/client";
import { Disconnected, Refused } from "../socket/connection";
import { text } from "../text";

const KNOWN: Readonly<Record<string, unknown>> = text.errors;

/** What to tell a person: our own words for a known code, the server's sentence otherwise. */
export function explain(error: unknown): string {
  if (error instanceof Disconnected) return text.errors.offline;
  if (error instanceof ApiError || error instanceof Refused) {
    const own = KNOWN[error.code];
    if (typeof own === "string") return own;
    return sentence(error.message) || text.errors.other;
  }
  return text.errors.other;
}

/** What the server says, as a sentence. */
export function sentence(detail: string): string {
  if (!detail) return "";
  const first = detail.charAt(0).toUpperCase() + detail.slice(1);
  return /[.!?]$/.test(first) ? first : `${first}.`;
}
