#!/bin/sh
# SecantusDB in the place of MongoDB: the users are made once, then it asks everyone who they are.
set -eu
serve() {
  host=$1
  shift
  exec python3 /opt/secantusdb.py --host "$host" --port 27017 --storage-path /data/db/secantus --sync-on-commit \
    --cache-size 256M --log-level WARNING "$@"
}
if [ ! -e /data/db/users ]; then
  (serve 127.0.0.1) &
  server=$!
  python3 - <<'PY'
from pymongo import MongoClient
read = lambda name: open(f"/run/secrets/{name}").read()
client = MongoClient("mongodb://127.0.0.1:27017/?directConnection=true", serverSelectionTimeoutMS=30000)
make = lambda db, user, secret, role: client[db].command(
    "createUser", user, pwd=read(secret), roles=[{"role": role, "db": db}]
)
make("admin", "root", "admin", "root")
make("sandbox", "sandbox", "sandbox", "dbOwner")
PY
  kill "$server"
  wait "$server" || true
  touch /data/db/users
fi
serve mongodb --auth
