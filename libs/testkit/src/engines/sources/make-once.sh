#!/bin/sh
# Makes a folder of the cache that is not there yet: make-once.sh TARGET COMMAND... runs the command with an empty
# folder as its last argument, which becomes TARGET when it succeeds. Several may ask at once: the first makes it,
# the others wait for it.
set -eu
target=$1
shift

mkdir -p "$(dirname "$target")"
exec 9>"$target.lock"
flock 9
[ ! -e "$target" ] || exit 0

# What a killed one left.
rm -rf "$target".making.*
work=$(mktemp -d "$target.making.XXXXXX")
trap 'chmod -R u+w "$work" 2>/dev/null; rm -rf "$work"' EXIT
trap 'exit 1' INT TERM
mkdir "$work/made"
chmod 755 "$work/made"
"$@" "$work/made" 9>&- >&2
mv "$work/made" "$target"
