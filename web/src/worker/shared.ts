/** What another app shares with this one: its files wait here until the page takes them. */

const SHARED = "octave-shared";
const SCREEN = "/share";

/** The manifest's `share_target` names these. */
const WORDS = ["title", "text", "url"] as const;

export const isShare = (request: Request) => request.method === "POST" && new URL(request.url).pathname === SCREEN;

/** Keeps the files, and sends the browser on to the screen that asks for them. */
export async function takeShare(request: Request): Promise<Response> {
  const form = await request.formData();
  await caches.delete(SHARED);
  const files = form.getAll("files").filter((part) => part instanceof File);
  const cache = files.length > 0 ? await caches.open(SHARED) : null;
  for (const [n, file] of files.entries()) {
    const headers = { "content-type": file.type || "application/octet-stream", "x-name": encodeURIComponent(file.name) };
    await cache?.put(`${SCREEN}/${n}`, new Response(file, { headers }));
  }
  const words = new URLSearchParams();
  for (const name of WORDS) {
    const said = form.get(name);
    if (typeof said === "string" && said) words.set(name, said);
  }
  return Response.redirect(`${SCREEN}?${words}`, 303);
}

/** Whether files wait. */
export const areShared = async () => "caches" in globalThis && caches.has(SHARED);

/** The files that wait, once. */
export async function sharedFiles(): Promise<File[]> {
  if (!(await areShared())) return [];
  const cache = await caches.open(SHARED);
  const files: File[] = [];
  for (const key of await cache.keys()) {
    const answer = await cache.match(key);
    const name = decodeURIComponent(answer?.headers.get("x-name") ?? "");
    if (answer && name) files.push(new File([await answer.blob()], name, { type: answer.headers.get("content-type") ?? "" }));
  }
  await caches.delete(SHARED);
  return files;
}
