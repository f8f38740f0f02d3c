#!/bin/sh
# Makes stand-ins for the images that a machine without a way to a registry of images cannot pull, under the names that
# docker-compose.yml and the Dockerfile use: make.sh ROOT NODE_BINARY. What is in each: see README.md. Needs root,
# apt, Node with npm, and what libs/testkit keeps in its cache (`npm run test:engines` fills it).
set -eu
root=$1 node=$2
here=$(CDPATH= cd -- "$(dirname -- "$0")" && pwd)
sources=$root/libs/testkit/src/engines/sources
cache=${XDG_CACHE_HOME:-$HOME/.cache}/sandkeep/engines
base='base-files bash coreutils dash findutils grep hostname libc-bin mount sed util-linux'
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# debian RELEASE PACKAGE...: the folder of a root with them, made once.
debian() {
  release=$1
  shift
  name=$(echo "$base $*" | sha256sum | cut -c 1-8)
  target=$cache/image-$release-$name
  # shellcheck disable=SC2086 # names of packages have no spaces
  sh "$sources/make-once.sh" "$target" sh "$sources/debian-root.sh" "$release" $base "$@" >&2
  echo "$target"
}

# overlay UID NAME HOME: an empty folder to lay over a root, with the user of the upstream image.
overlay() {
  rm -rf "$work/over"
  user=$1 home=$3
  mkdir -p "$work/over/etc" "$work/over$3" "$work/over/usr/local/bin" "$work/over/docker-entrypoint-initdb.d"
  printf 'root:x:0:0::/root:/bin/sh\n%s:x:%s:%s::%s:/bin/sh\n' "$2" "$1" "$1" "$3" >"$work/over/etc/passwd"
  printf 'root:x:0:\n%s:x:%s:\n' "$2" "$1" >"$work/over/etc/group"
  printf 'passwd: files\ngroup: files\nhosts: files dns\n' >"$work/over/etc/nsswitch.conf"
  chown -R "$1:$1" "$work/over$3"
}

# image NAME ROOT CHANGE...: the root and what is laid over it, as an image.
image() {
  name=$1 folder=$2
  shift 2
  for change in "$@"; do set -- "$@" --change "$change"; shift; done
  rm -rf "$work/whole"
  cp -al "$folder" "$work/whole"
  tar -c -C "$work/over" . | tar -x -p --keep-directory-symlink -C "$work/whole"
  # Folders alone: files are shared with the cache.
  find "$work/whole$home" -type d -exec chown "$user:$user" {} +
  tar -c --exclude=./usr/share/man --exclude=./usr/share/locale -C "$work/whole" . |
    docker import "$@" --change 'LABEL sandkeep.stand-in=true' - "$name" >/dev/null
  echo "stand-in: $name"
}

entry() { install -m 755 "$here/$1" "$work/over/usr/local/bin/docker-entrypoint.sh"; }
start='ENTRYPOINT ["docker-entrypoint.sh"]'
path='ENV PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin'

overlay 1000 node /srv/node
install -m 755 "$node" "$work/over/usr/local/bin/node"
mkdir -p "$work/over/usr/local/lib/node_modules"
cp -a "$(npm root -g)/npm" "$work/over/usr/local/lib/node_modules/npm"
ln -s ../lib/node_modules/npm/bin/npm-cli.js "$work/over/usr/local/bin/npm"
image node:26-bookworm-slim "$(debian bookworm libstdc++6 libatomic1)" "$path"

# The C library alone, as distroless has it.
overlay 65532 nonroot /srv/nonroot
libraries=$(debian bookworm libstdc++6 libatomic1)
mkdir -p "$work/libraries"
(cd "$libraries" && find lib lib64 usr/lib -name 'ld-linux*' -o -name 'libc.so*' -o -name 'libm.so*' \
  -o -name 'libdl.so*' -o -name 'libpthread.so*' -o -name 'librt.so*' -o -name 'libgcc_s.so*' -o -name 'libstdc++.so*' \
  -o -name 'libresolv.so*' -o -name 'libnss_*' | tar -c -T -) | tar -x -C "$work/libraries"
mkdir -p "$work/over/tmp"
chmod 1777 "$work/over/tmp"
image gcr.io/distroless/cc-debian12:nonroot "$work/libraries" "$path"

overlay 999 postgres /var/lib/postgresql
entry postgres.sh
cp -a "$(dirname "$(find "$root/node_modules/.pnpm" -path '*/native/bin/postgres' | head -n 1)")/.." "$work/over/usr/local/pgsql"
image postgres:18-bookworm "$(debian bookworm postgresql-client-15 libxml2)" "$path:/usr/local/pgsql/bin:/usr/lib/postgresql/15/bin" \
  'ENV PGDATA=/var/lib/postgresql/18/docker' "$start" 'CMD ["postgres"]'

overlay 999 redis /data
image redis:7-bookworm "$(debian bookworm redis-server redis-tools)" "$path" 'WORKDIR /data'

overlay 999 rabbitmq /var/lib/rabbitmq
mkdir -p "$work/over/var/log/rabbitmq" "$work/over/etc/rabbitmq/conf.d"
chown -R 999:999 "$work/over/var/log/rabbitmq"
rabbit=$(debian trixie rabbitmq-server)
programs=/$(cd "$rabbit" && echo usr/lib/rabbitmq/lib/rabbitmq_server-*/sbin)
image rabbitmq:4.0 "$rabbit" "$path:$programs" 'ENV RABBITMQ_LOGS=- RABBITMQ_NODENAME=rabbit@rabbitmq LANG=C.UTF-8 RUNNING_UNDER_SYSTEMD=true' \
  'CMD ["rabbitmq-server"]'

overlay 999 mongodb /data/db
mkdir -p "$work/over/data/configdb" "$work/over/opt"
chown 999:999 "$work/over/data/configdb"
for made in "$cache"/secantusdb-*/lib/python3.11/site-packages; do cp -a "$made" "$work/over/opt/secantusdb"; done
entry mongodb.sh
install -m 755 "$here/mongosh.py" "$work/over/usr/local/bin/mongosh"
install -m 644 "$here/secantusdb.py" "$work/over/opt/secantusdb.py"
image mongo:8.0 "$(debian bookworm python3 libstdc++6)" "$path" 'ENV PYTHONPATH=/opt/secantusdb PYTHONUNBUFFERED=1' "$start"

overlay 1000 versitygw /s3
for made in "$cache"/versitygw-*/versitygw; do [ ! -f "$made" ] || install -m 755 "$made" "$work/over/usr/local/bin/versitygw"; done
image versity/versitygw:v1.8.0 "$(debian bookworm wget)" "$path" 'ENTRYPOINT ["versitygw"]'
