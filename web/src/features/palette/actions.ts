/** What can be done from anywhere, by who is signed in and where they are. */

import { palette as say } from "../../i18n/palette";
import { navigate } from "../../routes";
import { setKeysShown } from "../../shell/keys";
import { attempt } from "../../state/notices";
import { preferences } from "../../state/preferences";
import { leaveStage, me, signOut, stage } from "../../state/session";
import type { IconName } from "../../ui/Icon";
import type { Named } from "./matching";

export interface Action extends Named {
  readonly icon: IconName;
  run(): void;
}

const { actions: names, also } = say;
const going = (name: string, icon: IconName, to: string, others?: string): Action => ({
  name,
  icon,
  run: () => navigate(to),
  ...(others ? { also: others } : {}),
});

export function actions(): Action[] {
  const user = me();
  return [...onStage(), ...(user?.guest ? ofGuests() : user ? ofAccounts() : ofStrangers()), ...ofEverybody()];
}

function onStage(): Action[] {
  const current = stage();
  const state = current?.state();
  if (!current || !state) return [];
  const { timeline, you } = state;
  const list = [going(names.stage(state.stage.name), "room", `/s/${current.id}`)];
  if (you.can.includes("control")) {
    const wanted = timeline.playing ? "pause" : "play";
    list.push({ name: names[wanted], icon: wanted, run: () => void attempt(() => current.control(wanted)) });
    if (timeline.song) list.push({ name: names.skip, icon: "next", run: () => void attempt(() => current.control("skip")) });
  }
  const muted = preferences.muted();
  list.push({
    name: muted ? names.unmute : names.mute,
    also: also.mute,
    icon: muted ? "volume" : "muted",
    run: () => preferences.setMuted(!muted),
  });
  const leave = () => {
    navigate("/");
    leaveStage();
  };
  list.push({ name: names.leave, also: also.leave, icon: "leave", run: leave });
  return list;
}

function ofAccounts(): Action[] {
  const user = me();
  const list = [
    going(names.openStage, "add", "/?open", also.openStage),
    going(names.lobby, "room", "/", also.lobby),
    going(names.library, "music", "/library", also.library),
    going(names.friends, "people", "/friends", also.friends),
    going(names.notifications, "bell", "/notifications", also.notifications),
    going(names.search, "search", "/search"),
    going(names.profile, "people", `/u/${encodeURIComponent(user?.username ?? "")}`, also.profile),
    going(names.history, "past", "/history", also.history),
    going(names.evenings, "past", "/evenings", also.evenings),
    going(names.following, "people", "/following"),
    going(names.settings, "settings", "/settings", also.settings),
  ];
  if (user?.is_admin) {
    list.push(going(names.admin, "settings", "/admin", also.admin), going(names.serverInvites, "link", "/admin/invites"));
  }
  list.push({ name: names.signOut, also: also.signOut, icon: "leave", run: () => void attempt(signOut) });
  return list;
}

/** They belong to one stage, and may make an account of their name. */
const ofGuests = (): Action[] => [going(names.keep, "check", "/keep")];

const ofStrangers = (): Action[] => [
  going(names.lobby, "room", "/", also.lobby),
  going(names.search, "search", "/search"),
  going(names.signIn, "people", "/sign-in", also.signIn),
  going(names.signUp, "add", "/sign-in?new", also.signUp),
];

function ofEverybody(): Action[] {
  const look = (name: string, theme: "dark" | "light" | "system"): Action => ({
    name,
    also: also.theme,
    icon: "settings",
    run: () => preferences.setTheme(theme),
  });
  const looks = [look(names.dark, "dark"), look(names.light, "light"), look(names.device, "system")];
  const keys: Action = { name: names.keys, also: also.keys, icon: "list", run: () => void setKeysShown(true) };
  return [...looks, keys];
}
