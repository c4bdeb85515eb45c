import { createSignal, onMount, Show } from "solid-js";
import { share as say } from "../../i18n/share";
import { navigate, query } from "../../routes";
import { me } from "../../state/session";
import { signInFirst } from "../../state/wish";
import { Empty } from "../../ui/parts";
import { areShared, sharedFiles } from "../../worker/shared";
import { upload } from "../uploads/uploads";
import { placeIn } from "./place";

/** What another app has shared with this one: songs go into the library, and a link leads to its stage. */
export function ShareScreen() {
  const words = () => [query().get("url"), query().get("text"), query().get("title")];
  const [nothing, setNothing] = createSignal(false);
  async function look(): Promise<void> {
    if (await areShared()) {
      if (!me()) return signInFirst("/share");
      if (me()?.guest) return navigate("/keep", { replace: true });
      const files = await sharedFiles();
      navigate("/library", { replace: true });
      return upload(files);
    }
    const place = placeIn(words(), location.origin);
    if (place) navigate(place, { replace: true });
    else setNothing(true);
  }
  onMount(() => void look());
  const searched = () => words().find((text) => text && !text.startsWith("http"));
  return (
    <div class="page">
      <Show when={nothing()}>
        <Empty icon="link" level="h1" title={say.nothing} text={say.hint}>
          <Show when={searched()}>
            {(text) => (
              <a class="btn" href={`/search?q=${encodeURIComponent(text())}`}>
                {say.search}
              </a>
            )}
          </Show>
        </Empty>
      </Show>
    </div>
  );
}
