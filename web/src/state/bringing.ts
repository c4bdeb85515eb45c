/** Songs from elsewhere to the stage where one is: added to its queue, or suggested to those who may. */

import { text } from "../i18n/en";
import { bringsBy } from "../stage/roles";
import { attempt, toast } from "./notices";
import { stage } from "./session";

export const brings = () => bringsBy(stage()?.state()?.you.can);

export function bring(song: { id: number; title: string }): Promise<boolean> {
  return attempt(async () => {
    const how = brings();
    if (!how) return;
    await stage()?.[how](song.id);
    toast(how === "suggest" ? text.suggestions.suggested(song.title) : text.queue.added(song.title));
  });
}
