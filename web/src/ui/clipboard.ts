/**
 * Copying, wherever the page comes from: over plain http a browser has no clipboard for pages but the old command, and
 * Safari takes only what is handed over within the click, though the text itself may follow.
 */

/** Puts a text on the clipboard; false where the browser does not let pages do that. Throws what the text throws. */
export async function copy(text: Promise<string>): Promise<boolean> {
  return (await toClipboard(text)) || byCommand(await text);
}

async function toClipboard(text: Promise<string>): Promise<boolean> {
  const clipboard = navigator.clipboard as Clipboard | undefined;
  if (!clipboard) return false;
  try {
    if (typeof ClipboardItem === "undefined") await clipboard.writeText(await text);
    else
      await clipboard.write([
        new ClipboardItem({ "text/plain": text.then((words) => new Blob([words], { type: "text/plain" })) }),
      ]);
    return true;
  } catch {
    return false;
  }
}

function byCommand(text: string): boolean {
  const focused = document.activeElement as HTMLElement | null;
  const field = document.createElement("textarea");
  field.className = "hidden";
  field.value = text;
  document.body.append(field);
  field.select();
  try {
    return document.execCommand("copy");
  } catch {
    return false;
  } finally {
    field.remove();
    focused?.focus();
  }
}
