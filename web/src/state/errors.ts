import { text } from "../i18n/en";
import { ApiError } from "../net/client";
import { Disconnected, Refused } from "../net/connection";

const KNOWN: { readonly [code: string]: string } = text.errors.codes;

/** What to tell a person: our own words where the code says it all, the server's reason otherwise. */
export function explain(error: unknown): string {
  if (error instanceof Disconnected) return text.errors.codes.offline;
  if (!(error instanceof ApiError || error instanceof Refused)) return text.errors.other;
  const wait = seconds(error);
  if (error.code === "rate_limited" && wait !== null) return text.errors.rateLimitedFor(wait);
  const own = KNOWN[error.code];
  if (own !== undefined) return own;
  if (error instanceof ApiError && error.fields[0]) return explainField(error.fields[0].message);
  if (error.code.startsWith("http_5")) return text.errors.noAnswer;
  return sentence(error.message) || text.errors.other;
}

/** What is wrong with a field, to stand beside it; the server says it as what the field must be. */
export function explainField(message: string): string {
  if (message === "is you") return text.errors.isYou;
  return sentence(/^(must|may|is|has|can|needs)\b/.test(message) ? `it ${message}` : message);
}

function seconds(error: ApiError | Refused): number | null {
  const wait = error instanceof ApiError ? error.retryAfter : error.retryAfterMs && error.retryAfterMs / 1000;
  return wait === null || wait < 2 ? null : Math.ceil(wait);
}

/** As people write: from a capital to a full stop, and without the marks of program text. */
export function sentence(detail: string): string {
  const plain = detail.replaceAll("`", "").trim();
  if (!plain) return "";
  const first = plain.charAt(0).toUpperCase() + plain.slice(1);
  return /[.!?]$/.test(first) ? first : `${first}.`;
}
