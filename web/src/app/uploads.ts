/** Files on their way into the library: a few at a time, each with its progress, each can be stopped and tried again. */

import { createSignal } from "solid-js";
import { ApiError, problem, url } from "../api/client";
import type { LibrarySong } from "../api/model";
import { text } from "../text";

const AT_ONCE = 2;

export interface Upload {
  id: number;
  file: File;
  status: "waiting" | "sending" | "done" | "failed" | "cancelled";
  /** 0 to 1. */
  progress: number;
  song: LibrarySong | null;
  error: string | null;
  /** Whether the same file might be taken another time. */
  retryable: boolean;
}

const [uploads, setUploads] = createSignal<readonly Upload[]>([]);
const [arrived, setArrived] = createSignal(0);
const running = new Map<number, XMLHttpRequest>();
let last = 0;

/** `arrived` counts songs that came into the library, for lists that show it. */
export { arrived, uploads };

export function upload(files: Iterable<File>): void {
  const added = [...files].map(
    (file): Upload => ({ id: ++last, file, status: "waiting", progress: 0, song: null, error: null, retryable: true }),
  );
  setUploads((all) => [...all, ...added]);
  next();
}

export function cancel(id: number): void {
  change(id, { status: "cancelled" });
  running.get(id)?.abort();
}

export function again(id: number): void {
  change(id, { status: "waiting", progress: 0, error: null });
  next();
}

export function clearUploads(): void {
  for (const { id, status } of uploads()) if (status === "sending") cancel(id);
  setUploads([]);
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
  request.open("POST", url("/songs"));
  request.responseType = "json";
  request.send(form);
}

function settle(id: number, request: XMLHttpRequest): void {
  if (uploads().find((item) => item.id === id)?.status === "cancelled") return;
  if (request.status === 201 || request.status === 200) {
    change(id, { status: "done", progress: 1, song: request.response as LibrarySong });
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
  if (error.status === 415) return say.unsupported_audio;
  if (error.status === 507) return say.storage_full;
  return error.message ? `${say.other} (${error.message})` : say.other;
}
