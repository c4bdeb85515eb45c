import { Route, Router, type RouteSectionProps } from "@solidjs/router";
import { type Component, createMemo, type JSX, onCleanup, Show } from "solid-js";
import { LobbyScreen } from "./features/lobby/Lobby";
import { SignInScreen } from "./features/sign-in/SignIn";
import { StageScreen } from "./features/stage/Stage";
import { DropZone } from "./features/uploads/DropZone";
import { uploads } from "./features/uploads/uploads";
import { text } from "./i18n/en";
import { decoded, followRouter, path } from "./routes";
import { keepAwake } from "./shell/awake";
import { KeyList } from "./shell/KeyList";
import { listenForKeys, paletteShown } from "./shell/keys";
import { MiniPlayer } from "./shell/MiniPlayer";
import { TopBar } from "./shell/TopBar";
import { followViewport } from "./shell/viewport";
import { followSong } from "./state/nowplaying";
import { followOutput } from "./state/outputs";
import { lost, me, stage, unreachable } from "./state/session";
import { ConfirmHost, topmost } from "./ui/Dialog";
import { later } from "./ui/later";
import { Empty } from "./ui/parts";
import { Toasts } from "./ui/Toasts";

const AdministrationScreen = later(() => import("./features/admin/Administration").then((of) => of.AdministrationScreen));
const AlbumScreen = later(() => import("./features/album/Album").then((of) => of.AlbumScreen));
const ArtistScreen = later(() => import("./features/artist/Artist").then((of) => of.ArtistScreen));
const FollowingScreen = later(() => import("./features/friends/Following").then((of) => of.FollowingScreen));
const FriendsScreen = later(() => import("./features/friends/Friends").then((of) => of.FriendsScreen));
const GuestDoorScreen = later(() => import("./features/guests/GuestDoor").then((of) => of.GuestDoorScreen));
const HistoryScreen = later(() => import("./features/history/History").then((of) => of.HistoryScreen));
const KeepScreen = later(() => import("./features/guests/Keep").then((of) => of.KeepScreen));
const LibraryScreen = later(() => import("./features/library/Library").then((of) => of.LibraryScreen));
const NotificationsScreen = later(() => import("./features/notifications/Notifications").then((of) => of.NotificationsScreen));
const Palette = later(() => import("./features/palette/Palette").then((of) => of.Palette));
const PastStagesScreen = later(() => import("./features/past/PastStages").then((of) => of.PastStagesScreen));
const PlaylistScreen = later(() => import("./features/playlist/Playlist").then((of) => of.PlaylistScreen));
const ProfileScreen = later(() => import("./features/profile/Profile").then((of) => of.ProfileScreen));
const SearchScreen = later(() => import("./features/search/Search").then((of) => of.SearchScreen));
const ServerInvitesScreen = later(() => import("./features/admin/ServerInvites").then((of) => of.ServerInvitesScreen));
const ShareScreen = later(() => import("./features/share/Share").then((of) => of.ShareScreen));
const SettingsScreen = later(() => import("./features/settings/Settings").then((of) => of.SettingsScreen));
const SongScreen = later(() => import("./features/song/Song").then((of) => of.SongScreen));
const UploadPanel = later(() => import("./features/uploads/UploadPanel").then((of) => of.UploadPanel));

/** The name of a path's part that a number stands for. */
const NUMBER = { id: /^[1-9]\d*$/ };
const NAME = { name: (part: string) => decoded(part) !== null };

export function App() {
  return (
    <Router root={Shell} preload={false}>
      <Route path="/" component={LobbyScreen} />
      <Route path="/sign-in" component={SignInScreen} />
      <Route path="/s/:id" matchFilters={NUMBER} component={of("id", (id) => <StageScreen id={Number(id)} />)} />
      <Route path="/u/:name" matchFilters={NAME} component={of("name", (name) => <ProfileScreen username={name} />)} />
      <Route path="/g/:code" component={of("code", (code) => <GuestDoorScreen code={code} />)} />
      <Route path="/keep" component={KeepScreen} />
      <Route path="/search" component={SearchScreen} />
      <Route path="/share" component={ShareScreen} />
      <Route path="/library" component={signedIn(LibraryScreen)} />
      <Route path="/friends" component={signedIn(FriendsScreen)} />
      <Route path="/following" component={signedIn(FollowingScreen)} />
      <Route path="/evenings" component={signedIn(PastStagesScreen)} />
      <Route path="/admin" component={signedIn(AdministrationScreen)} />
      <Route path="/admin/invites" component={signedIn(ServerInvitesScreen)} />
      <Route path="/notifications" component={signedIn(NotificationsScreen)} />
      <Route path="/history" component={signedIn(HistoryScreen)} />
      <Route path="/settings" component={signedIn(SettingsScreen)} />
      <Route
        path="/playlists/:id"
        matchFilters={NUMBER}
        component={signedIn(of("id", (id) => <PlaylistScreen id={Number(id)} />))}
      />
      <Route path="/songs/:id" matchFilters={NUMBER} component={of("id", (id) => <SongScreen id={Number(id)} />)} />
      <Route path="/artists/:id" matchFilters={NUMBER} component={of("id", (id) => <ArtistScreen id={Number(id)} />)} />
      <Route path="/albums/:id" matchFilters={NUMBER} component={of("id", (id) => <AlbumScreen id={Number(id)} />)} />
      <Route path="*nowhere" component={Nowhere} />
    </Router>
  );
}

/** A screen about what a part of its path names: another name, another screen. */
function of(part: string, screen: (named: string) => JSX.Element): Component<RouteSectionProps> {
  return (props) => (
    <Show when={decoded(props.params[part] ?? "")} keyed>
      {screen}
    </Show>
  );
}

/** Without a sign-in, the way to one stands in a screen's place; with one as a guest, the way to an account. */
function signedIn(Screen: Component<RouteSectionProps>): Component<RouteSectionProps> {
  return (props) => (
    <Show when={me()} fallback={<SignInScreen />}>
      <Show when={!me()?.guest} fallback={<KeepScreen />}>
        <Screen {...props} />
      </Show>
    </Show>
  );
}

/** What stands around every screen. */
function Shell(props: RouteSectionProps) {
  followRouter();
  onCleanup(listenForKeys());
  onCleanup(followViewport());
  followSong();
  onCleanup(followOutput());
  const onOwnStage = () => path() === `/s/${stage()?.id}`;
  keepAwake(createMemo(() => onOwnStage() && stage()?.sync().state === "playing"));
  return (
    <>
      {/* To a place on this page the browser goes itself, and takes the focus along. */}
      <a class="skip" href="#main" rel="external">
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
          {props.children}
        </Show>
      </main>
      <Show when={stage() && !onOwnStage()}>
        <MiniPlayer />
      </Show>
      <Show when={uploads().length > 0}>
        <UploadPanel />
      </Show>
      <DropZone />
      <Toasts shown={topmost() === undefined} />
      <ConfirmHost />
      <KeyList />
      <Show when={paletteShown()}>
        <Palette />
      </Show>
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

function Nowhere() {
  return (
    <div class="page">
      <Empty icon="room" level="h1" title={text.errors.notFoundTitle} text={text.errors.notFound}>
        <a class="btn" href="/">
          {text.stage.toLobby}
        </a>
      </Empty>
    </div>
  );
}
