/** Files on their way into the library: a few at a time, each with its progress, each can be stopped and tried again. */

import { createEffect, createMemo, createRoot, createSignal, on, onCleanup } from "solid-js";
import { text } from "../../i18n/en";
import { ApiError, problem, type UploadedSong } from "../../net/client";
import { sentence } from "../../state/errors";
import { toast } from "../../state/notices";
import { followAnalysis } from "./analysis";

const AT_ONCE = 2;

export interface Upload {
  id: number;
  file: File;
  status: "waiting" | "sending" | "done" | "failed" | "cancelled";
  /** 0 to 1. */
  progress: number;
  /** As it was taken in, with what was left out of it; its analysis goes on. */
  song: UploadedSong | null;
  error: string | null;
  /** Whether the same file might be taken another time. */
  retryable: boolean;
}

const [uploads, setUploads] = createSignal<readonly Upload[]>([]);
const [hidden, setHidden] = createSignal(false);
const [arrived, setArrived] = createSignal(0);
const running = new Map<number, XMLHttpRequest>();
let last = 0;

const isOpen = ({ status }: Upload) => status === "waiting" || status === "sending";
const counted = (status: Upload["status"]) => uploads().filter((item) => item.status === status).length;

const underway = createRoot(() => {
  const underway = createMemo(() => uploads().some(isOpen));
  createEffect(() => {
    if (!underway()) return;
    addEventListener("beforeunload", ask);
    onCleanup(() => removeEventListener("beforeunload", ask));
  });
  createEffect(on(underway, (now) => !now && hidden() && finishUnseen(), { defer: true }));
  const pending = () => uploads().flatMap(({ song }) => (song?.analysis === "pending" ? [song.id] : []));
  followAnalysis(pending, (id, now) =>
    setUploads((all) =>
      all.map((item) => (item.song?.id === id ? { ...item, song: { ...item.song, analysis: now?.analysis ?? "failed" } } : item)),
    ),
  );
  return underway;
});

/**
 * `arrived` counts songs that came into the library, for lists that show it. `hidden` uploads go on; `underway` says
 * whether any has not come to its end.
 */
export { arrived, hidden, underway, uploads };

/** So many rows are looked at by nobody at once. */
const LISTED = 100;
const FIRST: readonly Upload["status"][] = ["failed", "sending", "waiting", "done", "cancelled"];

/** What the panel shows: all in order or, of very many, what needs a look before what does not. */
export function listed(all: readonly Upload[]): readonly Upload[] {
  if (all.length <= LISTED) return all;
  const rank = ({ status }: Upload) => FIRST.indexOf(status);
  return all.toSorted((a, b) => rank(a) - rank(b)).slice(0, LISTED);
}

export function upload(files: Iterable<File>): void {
  const added = [...files].map(
    (file): Upload => ({ id: ++last, file, status: "waiting", progress: 0, song: null, error: null, retryable: true }),
  );
  setUploads((all) => [...all, ...added]);
  setHidden(false);
  next();
}

export const hide = () => setHidden(true);
export const show = () => setHidden(false);

export function cancel(...ids: number[]): void {
  // All are marked before one is stopped, because each that ends lets the next one begin.
  for (const id of ids) change(id, { status: "cancelled" });
  for (const id of ids) running.get(id)?.abort();
}

export const cancelAll = () =>
  cancel(
    ...uploads()
      .filter(isOpen)
      .map((item) => item.id),
  );

export function again(id: number): void {
  change(id, { status: "waiting", progress: 0, error: null });
  next();
}

/** Takes what has come to its end from the list. */
export function clearSettled(): void {
  setUploads((all) => all.filter(isOpen));
}

/** What went wrong is shown; what went well takes a word. */
function finishUnseen(): void {
  if (counted("failed") > 0) return void show();
  if (counted("done") > 0) toast(text.upload.finished(counted("done")));
  clearSettled();
}

/** Leaving the page would end what is underway: the browser asks first. */
function ask(event: BeforeUnloadEvent): void {
  event.preventDefault();
}

function change(id: number, part: Partial<Upload>): void {
  setUploads((all) => all.map((item) => (item.id === id ? { ...item, ...part } : item)));
}

function next(): void {
  for (const item of uploads()) {
    if (running.size >= AT_ONCE) return;
    if (item.status === "waiting") send(item);
  }
}

function send(item: Upload): void {
  // `fetch` tells nothing about how far an upload has come.
  const request = new XMLHttpRequest();
  running.set(item.id, request);
  change(item.id, { status: "sending" });
  request.upload.onprogress = (event) => change(item.id, { progress: event.loaded / event.total });
  request.onloadend = () => {
    running.delete(item.id);
    settle(item.id, request);
    next();
  };
  const form = new FormData();
  form.set("file", item.file);
  request.open("POST", "/api/v1/songs");
  request.responseType = "json";
  request.send(form);
}

function settle(id: number, request: XMLHttpRequest): void {
  if (uploads().find((item) => item.id === id)?.status !== "sending") return;
  if (request.status === 201 || request.status === 200) {
    change(id, { status: "done", progress: 1, song: request.response as UploadedSong });
    setArrived((n) => n + 1);
    return;
  }
  const error = request.status === 0 ? new ApiError(0, "offline", "") : problem(request.status, request.response);
  change(id, { status: "failed", error: reason(error), retryable: error.status !== 413 && error.status !== 415 });
}

function reason(error: ApiError): string {
  const say = text.upload.errors;
  if (error.status === 0) return say.offline;
  if (error.status === 401) return say.signed_out;
  if (error.status === 413) return say.too_large;
  if (error.status === 507) return say.storage_full;
  // The server has looked into the file, and says more than "no".
  const told = sentence(error.message);
  if (error.status === 415) return told || say.unsupported_audio;
  return told ? `${say.other} ${told}` : say.other;
}
