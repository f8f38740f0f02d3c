#!/bin/sh
# As the upstream image starts: a new cluster gets its administrator's password and runs the scripts once.
set -eu
if [ ! -s "$PGDATA/PG_VERSION" ]; then
  mkdir -p "$PGDATA"
  export POSTGRES_USER=postgres PGPASSFILE=/dev/null
  initdb --pgdata="$PGDATA" --username=postgres --pwfile="$POSTGRES_PASSWORD_FILE" --auth-local=trust \
    --auth-host=scram-sha-256 --encoding=UTF8 --locale=C >&2
  echo 'host all all all scram-sha-256' >>"$PGDATA/pg_hba.conf"
  pg_ctl --pgdata="$PGDATA" --wait --silent -o "-c listen_addresses='' -c unix_socket_directories=/var/run/postgresql" start >&2
  export PGHOST=/var/run/postgresql
  for script in /docker-entrypoint-initdb.d/*.sh; do sh "$script"; done
  pg_ctl --pgdata="$PGDATA" --wait --silent --mode=fast stop >&2
fi
exec "$@" -c "listen_addresses=*" -c unix_socket_directories=/var/run/postgresql
