import { For, Show } from "solid-js";
import { text } from "../i18n/en";
import { navigate, path } from "../routes";
import { attempt } from "../state/notices";
import { me, signOut } from "../state/session";
import { unread } from "../state/unread";
import { Icon } from "../ui/Icon";
import { Menu, MenuItem } from "../ui/Menu";
import { Avatar } from "../ui/Picture";

const PLACES = [
  ["/", text.nav.lobby],
  ["/library", text.nav.library],
  ["/friends", text.nav.friends],
] as const;

export function TopBar() {
  return (
    <header class="topbar">
      <a class="brand" href="/" aria-label={text.app.name}>
        <img src="/icon.svg" alt="" width="28" height="28" />
        <span>{text.app.name}</span>
      </a>
      <nav class="mainnav" aria-label={text.nav.main}>
        <For each={me()?.guest ? [] : PLACES}>
          {([to, name]) => (
            <a href={to} aria-current={path() === to ? "page" : undefined}>
              {name}
            </a>
          )}
        </For>
      </nav>
      <Show when={!me()?.guest}>
        <a
          class="btn icon-only wide-only"
          href="/search"
          aria-label={text.nav.search}
          title={text.nav.search}
          aria-keyshortcuts="Control+K"
        >
          <Icon name="search" />
        </a>
      </Show>
      <Show
        when={me()}
        fallback={
          <a
            class="btn primary"
            href={path() === "/" || path() === "/sign-in" ? "/sign-in" : `/sign-in?then=${encodeURIComponent(path())}`}
          >
            {text.sign.in}
          </a>
        }
      >
        {(user) => (
          <Show
            when={!user().guest}
            fallback={
              <a class="btn" href="/keep">
                {text.people.guest.keep}
              </a>
            }
          >
            <a class="btn icon-only bell" href="/notifications" aria-label={text.notifications.unread(unread())}>
              <Icon name="bell" />
              <Show when={unread() > 0}>
                <span class="badge" aria-hidden="true">
                  {Math.min(unread(), 99)}
                </span>
              </Show>
            </a>
            <Menu label={text.app.menu} trigger={<Avatar name={user().username} url={user().avatar_url} />}>
              <MenuItem icon="people" onSelect={() => navigate(`/u/${encodeURIComponent(user().username)}`)}>
                {text.nav.profile}
              </MenuItem>
              <MenuItem icon="settings" onSelect={() => navigate("/settings")}>
                {text.nav.settings}
              </MenuItem>
              <MenuItem icon="music" onSelect={() => navigate("/history")}>
                {text.history.title}
              </MenuItem>
              <MenuItem icon="past" onSelect={() => navigate("/evenings")}>
                {text.nav.evenings}
              </MenuItem>
              <Show when={user().is_admin}>
                <MenuItem icon="link" onSelect={() => navigate("/admin/invites")}>
                  {text.nav.serverInvites}
                </MenuItem>
                <MenuItem icon="settings" onSelect={() => navigate("/admin")}>
                  {text.nav.admin}
                </MenuItem>
              </Show>
              <MenuItem icon="search" onSelect={() => navigate("/search")}>
                {text.nav.search}
              </MenuItem>
              <MenuItem icon="leave" onSelect={() => attempt(signOut)}>
                {text.sign.out}
              </MenuItem>
            </Menu>
          </Show>
        )}
      </Show>
    </header>
  );
}
