# What the gate needs beside Rust and Node, and how Debian calls it.

install_missing() {
  local missing=()
  command -v cargo >/dev/null || die "Rust is missing: install it with rustup (https://rustup.rs), version 1.95 or newer"
  command -v npm >/dev/null || die "Node is missing: install Node 20.19 or newer with npm"
  command -v cc >/dev/null || missing+=(build-essential)
  command -v chromium >/dev/null || missing+=(chromium)
  command -v "${FIREFOX:-firefox-esr}" >/dev/null || missing+=(firefox-esr)
  command -v dbus-daemon >/dev/null && command -v dbus-send >/dev/null || missing+=(dbus)
  [ -n "$(postgres_bin)" ] || missing+=(postgresql)
  nats_binary >/dev/null || missing+=(nats-server)
  python3 -c "import ensurepip" 2>/dev/null || missing+=(python3-venv)
  [ -x /usr/sbin/nginx ] || missing+=(nginx)
  [ -x /usr/sbin/haproxy ] || missing+=(haproxy)
  [ ${#missing[@]} -eq 0 ] && return
  as_root apt-get update -q
  as_root env DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends "${missing[@]}"
}

as_root() {
  if [ "$(id -u)" -eq 0 ]; then
    "$@"
  elif command -v sudo >/dev/null; then
    sudo -n "$@" || die "could not run as root: $* (run it yourself, then start again)"
  else
    die "needs root: $* (run it yourself, then start again)"
  fi
}

# The newest installed PostgreSQL's programs; Debian leaves them out of PATH.
postgres_bin() { find /usr/lib/postgresql -maxdepth 2 -name bin 2>/dev/null | sort -V | tail -n 1; }

nats_binary() { command -v nats-server || { [ -x /usr/sbin/nats-server ] && echo /usr/sbin/nats-server; }; }

# A tool of Cargo's that is not in Debian: built once, into Cargo's own folder.
cargo_tool() { command -v "$1" >/dev/null || cargo install --locked --quiet "$1" --version "$2"; }

cargo_target_dir() {
  cargo metadata --format-version 1 --no-deps | sed -E 's/.*"target_directory":"([^"]+)".*/\1/'
}

npm_ci() {
  # npm ci empties node_modules first: leave it alone while it fits the lockfile.
  if ! cmp -s "$1/package-lock.json" "$1/node_modules/.octave-lock"; then
    (cd "$1" && npm ci --no-audit --no-fund --loglevel=error)
    cp "$1/package-lock.json" "$1/node_modules/.octave-lock"
  fi
}
