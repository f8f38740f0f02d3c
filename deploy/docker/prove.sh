#!/usr/bin/env bash
# Proves the containers on the Docker engine that answers: builds them, starts everything, plays a session and the
# demo, kills a service and an engine and waits until work goes on, prints sizes and memory, and removes it all.
# Where no engine answers, root starts one of its own; where no image can be pulled, stand-ins take their place.
#   STAND_INS=1   make stand-ins instead of pulling      WITH_INFLUXDB=0   leave InfluxDB out, as stand-ins do
#   BUILD_CA_FILE, BUILD_NPMRC_FILE   for a package registry behind an authority of its own
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
cd "$root"
work=$(mktemp -d)
export COMPOSE_PROJECT_NAME=sandkeep-prove PORT=${PORT:-18080} DATA_DIR=$work/data
api=http://localhost:$PORT

cleanup() {
  docker compose down --volumes --timeout 30 >"$work/down.log" 2>&1 || cat "$work/down.log"
  if [ -s "$work/engine/pid" ]; then
    kill "$(cat "$work/engine/pid")"
    while [ -e "$work/engine/pid" ]; do sleep 0.2; done
    ip link del docker0 2>/dev/null || true
    for table in filter nat; do
      iptables -t "$table" -S | sed -n '/^-A .*DOCKER/s/^-A/-D/p' | while read -r rule; do eval "iptables -t $table $rule"; done
      iptables -t "$table" -S | sed -n 's/^-N \(DOCKER.*\)/\1/p' | while read -r chain; do iptables -t "$table" -F "$chain"; done
      iptables -t "$table" -S | sed -n 's/^-N \(DOCKER.*\)/\1/p' | while read -r chain; do iptables -t "$table" -X "$chain"; done
    done
    iptables -P FORWARD ACCEPT
    echo "$forwarding" >/proc/sys/net/ipv4/ip_forward
  fi
  rm -rf "$work"
}

if ! docker info >/dev/null 2>&1; then
  [ "$(id -u)" = 0 ] && command -v dockerd >/dev/null || { echo 'no Docker engine answers, and only root with dockerd starts one' >&2; exit 1; }
  forwarding=$(cat /proc/sys/net/ipv4/ip_forward)
  mkdir "$work/engine"
  export DOCKER_HOST=unix://$work/engine/docker.sock
  dockerd --data-root "$work/engine/data" --exec-root "$work/engine/exec" -H "$DOCKER_HOST" \
    --pidfile "$work/engine/pid" >"$work/engine.log" 2>&1 </dev/null &
  for _ in $(seq 60); do docker info >/dev/null 2>&1 && break; sleep 1; done
fi
trap cleanup EXIT
docker compose version

if [ "${STAND_INS:-0}" = 1 ] || { [ -z "$(docker images -q node:26-bookworm-slim)" ] && ! docker pull --quiet node:26-bookworm-slim; }; then
  node=$(./dev node -p process.execPath)
  sh deploy/docker/stand-ins/make.sh "$root" "$node"
  WITH_INFLUXDB=0
fi

echo '--- build'
docker compose build
echo '--- start'
services=gateway
[ "${WITH_INFLUXDB:-1}" = 0 ] || services='gateway influxdb'
# shellcheck disable=SC2086 # names of services have no spaces
docker compose up --detach --no-build --wait --wait-timeout 300 $services

echo '--- a session'
field() { ./dev node -pe "JSON.parse(fs.readFileSync(0)).$1"; }
password=$(sed -n 's/^student: .* //p' "$DATA_DIR/sign-in.txt")
json='Content-Type: application/json'
as_student() { curl -sf -H "Authorization: Bearer $token" -H "Idempotency-Key: $RANDOM-$RANDOM" "$@"; }
sign_in() { token=$(curl -sf "$api/v1/auth/login" -H "$json" -d "{\"login\":\"student\",\"password\":\"$password\"}" | field accessToken); }
sign_in
sandbox=$api/v1/sandboxes/$(as_student "$api/v1/sandboxes" -H "$json" -d '{"name":"Hello","type":"exercise"}' | field id)
echo '-module(hello).' | as_student -o /dev/null -T - "$sandbox/files/src/hello.erl"
checkpoint=$(as_student "$sandbox/checkpoints" -H "$json" -d '{"name":"It works"}' | field id)
echo oops | as_student -o /dev/null -T - -H 'If-Match: *' "$sandbox/files/src/hello.erl"
as_student -o /dev/null "$sandbox/restore" -H "$json" -d "{\"checkpointId\":\"$checkpoint\"}"
content() { as_student "$sandbox/files/src/hello.erl"; }
[ "$(content)" = '-module(hello).' ] && echo 'restored as it was'

echo '--- the demo'
npm run --silent demo -- --data "$DATA_DIR" --url "$api"

# Killed from inside, so that its restart policy applies, as after a crash.
for victim in sandbox postgres-sandbox; do
  echo "--- kill $victim"
  id=$(docker compose ps --quiet "$victim")
  kill_at=$(docker inspect --format '{{.State.StartedAt}}' "$id")
  pid=$(docker inspect --format '{{.State.Pid}}' "$id")
  if kill -9 "$pid" 2>/dev/null; then
    until [ "$(docker inspect --format '{{.State.StartedAt}}' "$id")" != "$kill_at" ]; do sleep 0.2; done
  else
    docker compose kill "$victim" && docker compose start "$victim"
  fi
  for _ in $(seq 120); do sign_in && [ "$(content 2>/dev/null)" = '-module(hello).' ] && break || sleep 0.5; done
  [ "$(content)" = '-module(hello).' ] && echo 'back, with what was written'
done

echo '--- sizes and memory'
docker images --filter 'reference=sandkeep/*' --format '{{.Repository}} {{.Size}}'
docker stats --no-stream --format '{{.Name}} {{.MemUsage}}'
echo 'proved'
