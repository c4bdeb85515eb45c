#!/usr/bin/env bash
# Installs the Debian package, starts what it brings as the user it makes, hears it healthy, upgrades and removes it.
# Needs root, and leaves the machine as it was.
#
#   tests/package.sh target/package/octave.deb target/package/octave-next.deb
set -euo pipefail
package=$(realpath "$1") next=$(realpath "$2")
server=

die() { echo "FAILED: $*" >&2; exit 1; }

clean_up() {
  stop
  dpkg --purge octave >/dev/null 2>&1 || true
  rm -rf /var/lib/octave
  ! getent passwd octave >/dev/null || deluser --quiet --system octave >/dev/null 2>&1 || true
}

# As systemd would: the unit's own command, as the unit's user.
start() {
  local command
  command=$(sed -n 's/^ExecStart=//p' /lib/systemd/system/octave.service)
  runuser -u octave -- env OCTAVE_LISTEN="127.0.0.1:$port" $command >/tmp/octave-package.log 2>&1 &
  server=$!
  for _ in $(seq 100); do
    if OCTAVE_LISTEN="127.0.0.1:$port" octave health 2>/dev/null; then return; fi
    kill -0 "$server" 2>/dev/null || die "the server ended: $(cat /tmp/octave-package.log)"
    sleep 0.1
  done
  die "not healthy: $(cat /tmp/octave-package.log)"
}

stop() {
  [ -n "$server" ] || return 0
  pkill -TERM -P "$server" || true
  wait "$server" || true
  server=
}

[ "$(id -u)" -eq 0 ] || die "installing a package needs root"
! dpkg -s octave >/dev/null 2>&1 || die "octave is installed on this machine; not touching it"
[ ! -e /var/lib/octave ] || die "/var/lib/octave exists; not touching it"
trap clean_up EXIT
port=$(node -e 'const s=require("net").createServer().listen(0,"127.0.0.1",()=>{console.log(s.address().port);s.close()})')

dpkg --install "$package" >/dev/null
[ "$(stat -c %U:%a /var/lib/octave)" = octave:750 ] || die "the data folder is not the server's own"
[ "$(stat -c %U:%G:%a /etc/octave/octave.toml)" = root:octave:640 ] || die "the configuration is readable by others"
! OCTAVE_LISTEN="127.0.0.1:$port" octave health 2>/dev/null || die "healthy, but nothing runs"
start
printf 'correct horse battery\n' | runuser -u octave -- octave --config /etc/octave/octave.toml user add ana ana@example.org >/dev/null ||
  die "no account could be made"
[ -s /var/lib/octave/octave.db ] || die "the database is not in the data folder"
stop

echo '# mine' >>/etc/octave/octave.toml
before=$(octave --version)
dpkg --install "$next" >/dev/null
grep -q '# mine' /etc/octave/octave.toml || die "the upgrade took the operator's configuration"
start
runuser -u octave -- octave --config /etc/octave/octave.toml user list | grep -q ana || die "the account is gone after the upgrade"
stop

dpkg --remove octave >/dev/null
[ ! -e /usr/bin/octave ] || die "the program is still there"
[ -s /var/lib/octave/octave.db ] || die "removing took the data"
dpkg --purge octave >/dev/null 2>&1
[ ! -e /etc/octave ] || die "purging left the configuration"
[ -s /var/lib/octave/octave.db ] || die "purging took the data"
echo "installed $before, upgraded, removed: ok"
