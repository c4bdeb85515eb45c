/**
 * HTTP to this server, typed by its own OpenAPI document. The session is a cookie, so no token ever passes through
 * scripts. Every answer that is not a success is thrown as an `ApiError`.
 */

import createClient, { type Middleware } from "openapi-fetch";
import type { components, ProblemCode, paths } from "./api.gen";

type Schemas = components["schemas"];
export type AdminUser = Schemas["AdminUser"];
export type Album = Schemas["Album"];
export type Artist = Schemas["Artist"];
export type FieldError = Schemas["FieldError"];
export type Friend = Schemas["Friend"];
export type GuestDoor = Schemas["GuestDoor"];
export type GuestLink = Schemas["GuestLinkItem"];
export type HeardSong = Schemas["HeardSong"];
export type ImportedPlaylist = Schemas["ImportedPlaylist"];
export type LibrarySong = Schemas["LibrarySong"];
export type LogEntry = Schemas["LogEntry"];
export type Me = Schemas["Me"];
export type Notification = Schemas["Notification"];
export type Playlist = Schemas["Playlist"];
export type PlaylistEntry = Schemas["PlaylistEntry"];
/** With the first 200 entries. */
export type PlaylistDetail = Schemas["PlaylistWithEntries"];
export type PastStage = Schemas["PastStage"];
export type SearchResults = Schemas["SearchResults"];
export type Server = Schemas["ServerInfo"];
export type SongChanges = Schemas["SongChanges"];
export type StageInvite = Schemas["InviteItem"];
export type UnresolvedEntry = Schemas["UnresolvedEntry"];
export type UploadedSong = Schemas["UploadedSong"];

/** Beside the server's own: no answer at all, and one that is no problem document (a proxy's page, say). */
export type FailureCode = ProblemCode | "offline" | `http_${number}`;

/** An answer that is not a success, after RFC 9457; `code` is stable, `detail` is for people. */
export class ApiError extends Error {
  constructor(
    readonly status: number,
    readonly code: FailureCode,
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

/** Reads a problem document; any other body becomes a plain error of that status. */
export function problem(status: number, body: unknown, retryAfter: string | null = null): ApiError {
  const document = (body ?? {}) as Partial<Schemas["Problem"]>;
  return new ApiError(
    status,
    (document.code as ProblemCode | undefined) ?? `http_${status}`,
    document.detail ?? document.title ?? "",
    Array.isArray(document.errors) ? document.errors : [],
    retryAfter === null ? null : Number.parseInt(retryAfter, 10) || null,
  );
}

const throwing: Middleware = {
  async onResponse({ response }) {
    if (response.ok) return;
    const body: unknown = await response.json().catch(() => null);
    throw problem(response.status, body, response.headers.get("retry-after"));
  },
  onError: () => new ApiError(0, "offline", ""),
};

/** What is empty is not asked for. */
function search(query: Record<string, unknown>): string {
  const given = Object.entries(query).filter(([, value]) => value !== undefined && value !== null && value !== "");
  return new URLSearchParams(given.map(([name, value]) => [name, String(value)])).toString();
}

/** Asks a server, this page's own unless told otherwise. */
export function clientOf(options: { baseUrl?: string; fetch?: (request: Request) => Promise<Response> } = {}) {
  const client = createClient<paths>({ querySerializer: search, ...options });
  client.use(throwing);
  return client;
}

export const api = clientOf();

/** What a success says. */
export async function told<T>(answer: Promise<{ data?: T }>): Promise<T> {
  return (await answer).data as T;
}

/** Null for what is not there; every other failure stays one. */
export async function orNone<T>(work: Promise<T>): Promise<T | null> {
  try {
    return await work;
  } catch (error) {
    if (error instanceof ApiError && error.status === 404) return null;
    throw error;
  }
}

/** How a picture is sent, whose own type says what it is. */
export const picture = (file: File) => ({
  body: file,
  bodySerializer: (body: Blob) => body,
  headers: { "content-type": file.type },
});

/** How another player's playlist is sent, whose content says what it is. */
export const playlistFile = (file: File) => ({
  // The document knows texts alone; which encoding this one has, its bytes tell.
  body: file as unknown as string,
  bodySerializer: () => file,
  headers: { "content-type": "application/xspf+xml" },
});
