# Sourced by script/server, script/test and script/manage: from a fresh clone to a virtual
# environment that holds exactly what requirements.txt pins. Works from any folder.
#
# Every slow command goes through `run`, so that a SIGTERM at any moment ends it and its children.
set -euo pipefail

CALLED_FROM="$PWD"
cd "$(dirname "${BASH_SOURCE[0]}")/.."
ROOT="$PWD"
PY="$ROOT/.venv/bin/python"
PDF_PACKAGES="libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 fonts-dejavu-core"

say() { printf '%s\n' "$@" >&2; }  # one line per argument

die() {
  say "$@"
  exit 1
}

# --- Ending -----------------------------------------------------------------------------------

run() {  # run COMMAND…: in a process group of its own, ended with this script
  local status=0
  setsid "$@" < /dev/null &
  wait "$!" || status=$?
  return "$status"
}

_end() {  # _end SIGNAL_NUMBER
  trap '' TERM INT HUP
  local pids pid tenth
  pids="$(jobs -p)"
  for pid in $pids; do kill -TERM -- "-$pid" 2> /dev/null || kill -TERM "$pid" 2> /dev/null || :; done
  for tenth in $(seq 60); do
    _alive $pids || break
    sleep 0.1
  done
  for pid in $pids; do kill -KILL -- "-$pid" 2> /dev/null || :; done
  exit $((128 + $1))
}

_alive() {  # _alive PID…: whether any of these process groups still has a member
  local pid
  for pid in "$@"; do
    if kill -0 -- "-$pid" 2> /dev/null; then return 0; fi
  done
  return 1
}

trap '_end 15' TERM
trap '_end 2' INT
trap '_end 1' HUP

# --- System packages --------------------------------------------------------------------------

apt_get() {  # apt_get PACKAGE…: install as root; otherwise, or when it fails, return 1
  [ "$(id -u)" = 0 ] && command -v apt-get > /dev/null || return 1
  say "Installing with apt-get: $*"
  local log status=0
  log="$(mktemp)"
  { run env DEBIAN_FRONTEND=noninteractive apt-get update -qq \
    && run env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@"
  } > "$log" 2>&1 || status=1
  [ "$status" = 0 ] || { say "apt-get could not install: $*"; tail -n 3 "$log" >&2; }
  rm -f "$log"
  return "$status"
}

_has_library() { "$PY" -c 'import ctypes, sys; ctypes.CDLL(sys.argv[1])' "$1" 2> /dev/null; }

_has_font() {
  [ -n "$(find /usr/share/fonts /usr/local/share/fonts "${HOME:-/root}/.fonts" \
    -name DejaVuSans.ttf -print -quit 2> /dev/null)" ]
}

_missing_pdf_packages() {
  _has_library libpango-1.0.so.0 || echo libpango-1.0-0
  _has_library libpangoft2-1.0.so.0 || echo libpangoft2-1.0-0
  _has_library libharfbuzz-subset.so.0 || echo libharfbuzz-subset0
  _has_font || echo fonts-dejavu-core
}

pdf_libraries() {  # what WeasyPrint needs of the system; without it all works but posters and reports
  local missing
  missing="$(_missing_pdf_packages | tr '\n' ' ')"
  [ -z "$missing" ] && return
  apt_get $missing && return
  say "Missing: ${missing}- no PDF can be made until an administrator runs: apt-get install $missing"
}

# --- Python -----------------------------------------------------------------------------------

_find_python() {
  local name
  for name in "${PYTHON:-}" python3.11 python3; do
    [ -n "$name" ] && command -v "$name" > /dev/null || continue
    if "$name" -c 'import sys; sys.exit(sys.version_info < (3, 11))'; then
      command -v "$name"
      return
    fi
  done
  return 1
}

_make_venv() {
  [ -x "$PY" ] && "$PY" -c 'import pip' 2> /dev/null && return
  local python
  python="$(_find_python)" || { apt_get python3 python3-venv && python="$(_find_python)"; } \
    || die "Python 3.11 or newer is needed: apt-get install python3 python3-venv"
  if ! "$python" -c 'import ensurepip, venv' 2> /dev/null; then
    apt_get python3-venv \
      || die "Python's venv is missing. An administrator runs: apt-get install python3-venv"
  fi
  say "Making .venv"
  run "$python" -m venv --clear .venv
}

install_pinned() {  # install_pinned FILE…: skipped when these files are what .venv already holds
  local stamp=".venv/.stamp-${1%.txt}" sum
  sum="$(cat "$@" | sha256sum)"
  [ "$(cat "$stamp" 2> /dev/null)" = "$sum" ] && return
  say "Installing what $1 pins (about a minute)"
  local file arguments=()
  for file in "$@"; do arguments+=(-r "$file"); done
  # -qq hides pip's remarks about the machine's own settings; errors are still shown.
  run "$PY" -m pip install -qq --disable-pip-version-check --no-input --progress-bar off \
    --require-hashes "${arguments[@]}" || return
  printf '%s\n' "$sum" > "$stamp"
}

set_up() {  # set_up [dev]: one at a time, whoever else starts in this folder
  exec 9< requirements.txt
  run flock 9
  _make_venv
  install_pinned requirements.txt
  [ "${1:-}" = dev ] && install_pinned requirements-dev.txt requirements.txt
  pdf_libraries
  exec 9<&-
}

absolute() {  # absolute PATH: as seen from the folder the script was called in
  case "$1" in /*) printf '%s' "$1" ;; *) printf '%s' "$CALLED_FROM/$1" ;; esac
}
