import { createSignal } from "solid-js";
import { ApiError } from "../net/client";
import { explain, explainField } from "./errors";

/**
 * A form that is sent: never twice at once, and what went wrong stands until the next try, beside the field that the
 * server named or, if that is none of `fields`, below them.
 */
export function createSending(fields: readonly string[], send: () => Promise<void>) {
  const [error, setError] = createSignal<unknown>(null);
  const [busy, setBusy] = createSignal(false);

  async function submit(event: Event): Promise<void> {
    event.preventDefault();
    if (busy()) return;
    setBusy(true);
    setError(null);
    try {
      await send();
    } catch (failure) {
      setError(failure);
    } finally {
      setBusy(false);
    }
  }
  const beside = (field: string): string | undefined => {
    const failure = error();
    if (!(failure instanceof ApiError)) return undefined;
    if (failure.code === `${field}_taken`) return explain(failure);
    const message = failure.field(field);
    return message === undefined ? undefined : explainField(message);
  };
  const below = (): string | undefined => {
    const failure = error();
    return failure && !fields.some(beside) ? explain(failure) : undefined;
  };
  return { busy, submit, beside, below };
}
