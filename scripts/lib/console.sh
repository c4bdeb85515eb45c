# Steps with their time, and a last line that says how it ended. Sourced by the scripts beside this folder.

if [ -t 1 ]; then bold=$'\e[1m' red=$'\e[31m' green=$'\e[32m' plain=$'\e[0m'; else bold='' red='' green='' plain=''; fi

die() {
  printf '%sFAILED: %s%s\n' "$red" "$*" "$plain" >&2
  exit 1
}

# Runs the functions step_NAME in order, each with errexit in force, and stops at the first that fails.
run_steps() {
  local name began total=$SECONDS
  current=
  trap 'finish $?' EXIT
  for name in "$@"; do
    current=$name began=$SECONDS
    printf '%s== %s%s\n' "$bold" "$name" "$plain"
    "step_$name" </dev/null
    printf '%s== %s: ok, %d s%s\n' "$bold" "$name" $((SECONDS - began)) "$plain"
  done
  current=
  printf '%sall %d steps passed in %d s%s\n' "$green" $# $((SECONDS - total)) "$plain"
}

finish() {
  if declare -F stop_services >/dev/null; then stop_services; fi
  if [ -n "$current" ]; then printf '%sFAILED in step %s (again: scripts/test %s)%s\n' "$red" "$current" "$current" "$plain"; fi
  exit "$1"
}
