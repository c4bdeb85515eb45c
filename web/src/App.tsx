import { createMemo, Match, onCleanup, Show, Switch } from "solid-js";
import { match, path } from "./routes";
import { FriendsScreen } from "./features/friends/Friends";
import { LibraryScreen } from "./features/library/Library";
import { LobbyScreen } from "./features/lobby/Lobby";
import { PlaylistScreen } from "./features/playlist/Playlist";
import { ProfileScreen } from "./features/profile/Profile";
import { SettingsScreen } from "./features/settings/Settings";
import { SignInScreen } from "./features/sign-in/SignIn";
import { StageScreen } from "./features/stage/Stage";
import { text } from "./i18n/en";
import { ConfirmHost } from "./ui/Dialog";
import { Empty } from "./ui/parts";
import { DropZone } from "./features/uploads/DropZone";
import { KeyList } from "./shell/KeyList";
import { listenForKeys } from "./shell/keys";
import { MiniPlayer } from "./shell/MiniPlayer";
import { followSong } from "./state/nowplaying";
import { followOutput } from "./state/outputs";
import { lost, me, room, unreachable } from "./state/session";
import { Toasts } from "./shell/Toasts";
import { TopBar } from "./shell/TopBar";
import { UploadPanel } from "./features/uploads/UploadPanel";
import { followViewport } from "./shell/viewport";

export function App() {
  onCleanup(listenForKeys());
  onCleanup(followViewport());
  followSong();
  onCleanup(followOutput());
  const onOwnStage = () => path() === `/s/${room()?.id}`;
  return (
    <>
      <a class="skip" href="#main">
        {text.app.skip}
      </a>
      <TopBar />
      <Show when={me() && lost()}>
        <p class="reconnect" role="status">
          {text.connection.lost}
        </p>
      </Show>
      <main id="main" tabindex="-1">
        <Show when={me() !== undefined} fallback={<Unknown />}>
          <Screens />
        </Show>
      </main>
      <Show when={room() && !onOwnStage()}>
        <MiniPlayer />
      </Show>
      <UploadPanel />
      <DropZone />
      <Toasts />
      <ConfirmHost />
      <KeyList />
    </>
  );
}

/** Until it is known who looks. */
function Unknown() {
  return (
    <Show when={unreachable()}>
      <div class="page" role="status">
        <Empty icon="room" level="h1" title={text.connection.unreachableTitle} text={text.connection.unreachable} />
      </div>
    </Show>
  );
}

/** Which screen a path means. Ids are memos, so that a screen stays while its path does. */
function Screens() {
  const number = (pattern: string) => createMemo(() => Number(match(pattern, path())?.id) || null);
  const stage = number("/s/:id");
  const playlist = number("/playlists/:id");
  const profile = createMemo(() => match("/u/:name", path())?.name ?? null);
  const signedIn = () => me() !== null;
  return (
    <Switch
      fallback={
        <div class="page">
          <Empty icon="room" level="h1" title={text.errors.notFoundTitle} text={text.errors.notFound}>
            <a class="btn" href="/">
              {text.stage.toLobby}
            </a>
          </Empty>
        </div>
      }
    >
      <Match when={path() === "/"}>
        <LobbyScreen />
      </Match>
      <Match when={path() === "/sign-in"}>
        <SignInScreen />
      </Match>
      <Match when={stage()} keyed>
        {(id) => <StageScreen id={id} />}
      </Match>
      <Match when={profile()} keyed>
        {(name) => <ProfileScreen username={name} />}
      </Match>
      <Match when={!signedIn() && (playlist() !== null || ["/library", "/friends", "/settings"].includes(path()))}>
        <SignInScreen />
      </Match>
      <Match when={path() === "/library"}>
        <LibraryScreen />
      </Match>
      <Match when={playlist()} keyed>
        {(id) => <PlaylistScreen id={id} />}
      </Match>
      <Match when={path() === "/friends"}>
        <FriendsScreen />
      </Match>
      <Match when={path() === "/settings"}>
        <SettingsScreen />
      </Match>
    </Switch>
  );
}
