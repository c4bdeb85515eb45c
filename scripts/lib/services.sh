# A PostgreSQL cluster and a NATS server for the length of one run, in a temporary folder and on free ports.

services_dir=
nats_pid=

# Once per run, whichever step comes first.
start_services() {
  [ -z "$services_dir" ] || return 0
  services_dir=$(mktemp -d "${TMPDIR:-/tmp}/octave-services.XXXXXX")
  chmod 755 "$services_dir"
  if [ -z "${OCTAVE_TEST_POSTGRES:-}" ]; then start_postgres; fi
  if [ -z "${OCTAVE_TEST_NATS:-}" ]; then start_nats; fi
  echo "PostgreSQL: $OCTAVE_TEST_POSTGRES, NATS: $OCTAVE_TEST_NATS"
}

start_postgres() {
  local port data=$services_dir/postgres
  port=$(free_port)
  mkdir "$data"
  [ "$(id -u)" -ne 0 ] || chown postgres "$data"
  as_postgres initdb -D "$data" -U postgres -A trust -E UTF8 --locale=C.UTF-8 --no-sync >"$services_dir/initdb.log" ||
    die "initdb: $(tail -n 3 "$services_dir/initdb.log")"
  # The cluster is thrown away: durability of the disk is not what these tests are about.
  as_postgres pg_ctl -D "$data" -l "$data/log" -w -t 60 start \
    -o "-p $port -h 127.0.0.1 -k $data -c fsync=off -c full_page_writes=off -c max_connections=400" >/dev/null ||
    die "PostgreSQL did not start: $(tail -n 3 "$data/log")"
  export OCTAVE_TEST_POSTGRES="postgres://postgres@127.0.0.1:$port/postgres"
}

start_nats() {
  local port
  port=$(free_port)
  "$(nats_binary)" -a 127.0.0.1 -p "$port" -l "$services_dir/nats.log" &
  nats_pid=$!
  export OCTAVE_TEST_NATS="nats://127.0.0.1:$port"
  until (: <"/dev/tcp/127.0.0.1/$port") 2>/dev/null; do
    kill -0 "$nats_pid" 2>/dev/null || die "nats-server did not start: $(tail -n 3 "$services_dir/nats.log")"
    sleep 0.05
  done
}

stop_services() {
  [ -n "$services_dir" ] || return 0
  [ -z "$nats_pid" ] || kill "$nats_pid" 2>/dev/null || true
  if [ -d "$services_dir/postgres" ]; then
    as_postgres pg_ctl -D "$services_dir/postgres" -m immediate -w stop >/dev/null 2>&1 || true
  fi
  rm -rf "$services_dir"
}

# PostgreSQL refuses to run as root; Debian's package brings a user for it.
as_postgres() {
  local program
  program=$(postgres_bin)/$1
  shift
  if [ "$(id -u)" -eq 0 ]; then (cd / && runuser -u postgres -- "$program" "$@"); else "$program" "$@"; fi
}

free_port() { node -e 'const s=require("net").createServer().listen(0,"127.0.0.1",()=>{console.log(s.address().port);s.close()})'; }
