import { createSignal, Show } from "solid-js";
import { text } from "../../i18n/en";
import { api, type Me, orNone, picture, told } from "../../net/client";
import { Trouble } from "../../shell/Trouble";
import { createFetched } from "../../state/fetched";
import { attempt, toast } from "../../state/notices";
import { me, setMe } from "../../state/session";
import { signInFirst } from "../../state/wish";
import { confirm } from "../../ui/Dialog";
import { createText, Field } from "../../ui/Field";
import { Menu, MenuItem } from "../../ui/Menu";
import { Avatar } from "../../ui/Picture";
import { Empty } from "../../ui/parts";
import { Follows, type Side } from "./Follows";

export function ProfileScreen(props: { username: string }) {
  const profile = createFetched(
    () => props.username,
    (username) => orNone(told(api.GET("/api/v1/users/{username}", { params: { path: { username } } }))),
  );
  const [side, setSide] = createSignal<Side | null>(null);
  const mine = () => profile.value()?.id === me()?.id;
  /** A stranger's wish waits until they have signed in, and leads back here. */
  const once = (work: () => Promise<unknown>) => {
    if (me()) void attempt(work).then(() => profile.again());
    else signInFirst(`/u/${encodeURIComponent(props.username)}`, () => attempt(work));
  };
  const befriend = (username: string) =>
    once(async () => {
      await api.PUT("/api/v1/friends/{username}", { params: { path: { username } } });
      const accepted = profile.value()?.friendship === "incoming";
      toast(accepted ? text.friends.acceptedBy(username) : text.friends.asked(username));
    });
  const follow = (username: string, followed: boolean) =>
    once(async () => {
      const call = followed ? api.DELETE : api.PUT;
      await call("/api/v1/users/{username}/follow", { params: { path: { username } } });
      if (!followed) toast(text.profile.followed(username));
    });
  async function block(username: string, blocked: boolean): Promise<void> {
    const words = text.profile;
    if (!blocked && !(await confirm(words.blockTitle(username), words.blockSure, words.block))) return;
    const call = blocked ? api.DELETE : api.PUT;
    await attempt(() => call("/api/v1/blocks/{username}", { params: { path: { username } } }));
    void profile.again();
  }
  return (
    <div class="page narrow">
      <Trouble of={profile} />
      <Show
        when={profile.value()}
        fallback={
          <Show when={profile.value() === null}>
            <Empty icon="people" level="h1" title={text.profile.notFound} />
          </Show>
        }
      >
        {(who) => (
          <>
            <header class="hero">
              <Show when={who().avatar_url ?? who().username} keyed>
                <Avatar name={who().username} url={who().avatar_url} size={112} />
              </Show>
              <div class="grow stack">
                <div>
                  <h1 class="cut">{who().username}</h1>
                  <p class="soft small">
                    {text.profile.friends(who().friends_count)} ·{" "}
                    <button type="button" class="link" onClick={() => setSide("followers")}>
                      {text.profile.followers(who().followers_count)}
                    </button>{" "}
                    ·{" "}
                    <button type="button" class="link" onClick={() => setSide("following")}>
                      {text.profile.following(who().following_count)}
                    </button>
                  </p>
                  <p class="bio">{who().bio}</p>
                </div>
                <Show when={who().stage}>
                  {(stage) => (
                    <a class="btn" href={`/s/${stage().id}`}>
                      {text.profile.listening(stage().name)}
                    </a>
                  )}
                </Show>
                <Show when={!mine()}>
                  <div class="row">
                    <Show
                      when={who().friendship === "accepted" || who().friendship === "outgoing"}
                      fallback={
                        <button type="button" class="btn primary" onClick={() => befriend(who().username)}>
                          {who().friendship === "incoming" ? text.friends.accept : text.profile.befriend}
                        </button>
                      }
                    >
                      <span class="badge">{text.profile.between[who().friendship ?? "outgoing"]}</span>
                    </Show>
                    <button type="button" class="btn" onClick={() => follow(who().username, who().followed)}>
                      {who().followed ? text.profile.unfollow : text.profile.follow}
                    </button>
                    <Show when={me()}>
                      <Menu label={text.people.actions(who().username)}>
                        <MenuItem icon="ban" danger={!who().blocked} onSelect={() => block(who().username, who().blocked)}>
                          {who().blocked ? text.profile.unblock : text.profile.block}
                        </MenuItem>
                      </Menu>
                    </Show>
                  </div>
                </Show>
              </div>
            </header>
            <Show when={side()} keyed>
              {(shown) => <Follows username={who().username} side={shown} onClose={() => setSide(null)} />}
            </Show>
            <Show when={mine() && me()}>{(user) => <OwnProfile user={user()} onSaved={() => void profile.again()} />}</Show>
          </>
        )}
      </Show>
    </div>
  );
}

function OwnProfile(props: { user: Me; onSaved(): void }) {
  const bio = createText(props.user.bio);
  let chooser!: HTMLInputElement;
  const reload = async () => {
    setMe(await told(api.GET("/api/v1/me")));
    props.onSaved();
    toast(text.profile.saved);
  };
  const save = (event: SubmitEvent) => {
    event.preventDefault();
    void attempt(() => api.PATCH("/api/v1/me", { body: { bio: bio().trim() } }).then(reload));
  };
  const changePicture = () => {
    const file = chooser.files?.[0];
    if (file) void attempt(() => api.PUT("/api/v1/me/avatar", picture(file)).then(reload));
  };
  return (
    <form class="card stack" onSubmit={save}>
      <Field label={text.profile.bio} name="bio" of={bio} multiline />
      <div class="row">
        <button type="submit" class="btn primary">
          {text.common.save}
        </button>
        <input ref={chooser} hidden type="file" accept="image/png,image/jpeg,image/webp" onChange={changePicture} />
        <button type="button" class="btn" onClick={() => chooser.click()}>
          {text.profile.changeAvatar}
        </button>
      </div>
    </form>
  );
}
