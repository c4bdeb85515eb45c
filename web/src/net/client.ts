/** HTTP to this server's `/api/v1`. The session is a cookie, so no token ever passes through scripts. */

export interface FieldError {
  field: string;
  message: string;
}

/** An answer that is not a success, after RFC 9457; `code` is stable, `detail` is for people. */
export class ApiError extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    detail: string,
    readonly fields: readonly FieldError[] = [],
    /** Seconds, when the server says to come back later. */
    readonly retryAfter: number | null = null,
  ) {
    super(detail);
    this.name = "ApiError";
  }

  field(name: string): string | undefined {
    return this.fields.find((error) => error.field === name)?.message;
  }
}

export interface Page<T> {
  items: T[];
  next: string | null;
}

type Method = "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
export type Query = Record<string, string | number | boolean | null | undefined>;

const ROOT = "/api/v1";

export function url(path: string, query: Query = {}): string {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    if (value !== undefined && value !== null && value !== "") search.set(name, String(value));
  }
  const text = search.toString();
  return ROOT + path + (text && `?${text}`);
}

/** Reads a problem document; any other body (a proxy's page, say) becomes a plain error of that status. */
export function problem(status: number, body: unknown, retryAfter: string | null = null): ApiError {
  const document = (body ?? {}) as Partial<{ code: string; title: string; detail: string; errors: FieldError[] }>;
  return new ApiError(
    status,
    document.code ?? `http_${status}`,
    document.detail ?? document.title ?? "",
    Array.isArray(document.errors) ? document.errors : [],
    retryAfter === null ? null : Number.parseInt(retryAfter, 10) || null,
  );
}

async function call<T>(method: Method, path: string, init: { query?: Query; body?: BodyInit; type?: string }): Promise<T> {
  const headers: Record<string, string> = { accept: "application/json" };
  if (init.type) headers["content-type"] = init.type;
  let response: Response;
  try {
    response = await fetch(url(path, init.query), { method, headers, body: init.body ?? null });
  } catch {
    throw new ApiError(0, "offline", "");
  }
  const isJson = response.headers.get("content-type")?.includes("json") ?? false;
  const body: unknown = isJson ? await response.json().catch(() => null) : null;
  if (!response.ok) throw problem(response.status, body, response.headers.get("retry-after"));
  return body as T;
}

const json = (body: unknown) => (body === undefined ? {} : { body: JSON.stringify(body), type: "application/json" });

/** Null for what is not there; every other failure stays one. */
export async function orNone<T>(work: Promise<T>): Promise<T | null> {
  try {
    return await work;
  } catch (error) {
    if (error instanceof ApiError && error.status === 404) return null;
    throw error;
  }
}

export const get = <T>(path: string, query?: Query) => call<T>("GET", path, query ? { query } : {});
export const post = <T>(path: string, body?: unknown) => call<T>("POST", path, json(body));
export const put = <T>(path: string, body?: unknown) => call<T>("PUT", path, json(body));
export const patch = <T>(path: string, body: unknown) => call<T>("PATCH", path, json(body));
export const remove = <T>(path: string) => call<T>("DELETE", path, {});
export const putFile = <T>(path: string, file: File) => call<T>("PUT", path, { body: file, type: file.type });
