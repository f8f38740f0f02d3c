#!/bin/sh
# Makes a folder with programs of a Debian release and all they need: signed packages, unpacked, never installed.
# debian-root.sh RELEASE TARGET PACKAGE...   Several may ask at once: the first makes it, the others wait for it.
set -eu
release=$1 target=$2
shift 2

mkdir -p "$(dirname "$target")"
exec 9>"$target.lock"
flock 9
[ ! -e "$target" ] || exit 0

work=$(mktemp -d "$target.XXXXXX")
trap 'rm -rf "$work"' EXIT
mkdir -p "$work/lists/partial" "$work/cache/archives/partial" "$work/root"
: >"$work/status"
keys=/usr/share/keyrings/debian-archive-keyring.gpg
# The mirror that this machine uses itself, unless another is named.
mirror=${DEBIAN_MIRROR:-$(apt-get indextargets --format '$(REPO_URI)' | grep '/debian/$' | head -n 1)}
[ -n "$mirror" ] || { echo 'apt here knows no mirror of Debian: name one in DEBIAN_MIRROR' >&2; exit 1; }
echo "deb [signed-by=$keys] $mirror $release main" >"$work/sources.list"

# The machine's own lists, packages and preferences are neither read nor changed.
apt() {
  apt-get -qq -o "Dir::State=$work" -o "Dir::State::status=$work/status" -o "Dir::Cache=$work/cache" \
    -o "Dir::Etc::sourcelist=$work/sources.list" -o Dir::Etc::sourceparts=/dev/null \
    -o Dir::Etc::preferencesparts=/dev/null -o APT::Sandbox::User= -o Acquire::Languages=none \
    -o Acquire::Retries=3 -o APT::Update::Error-Mode=any -o APT::Install-Recommends=false "$@" 9>&-
}
apt update
apt install --yes --download-only "$@"

for package in "$work"/cache/archives/*.deb; do
  dpkg-deb --fsys-tarfile "$package" |
    tar -x -C "$work/root" --keep-directory-symlink --no-same-owner --exclude='./usr/share/doc/*'
  basename "$package" .deb
done >"$work/root/packages"
mkdir -p "$work/root/data"
echo '127.0.0.1 localhost' >"$work/root/etc/hosts"
echo 'hosts: files' >"$work/root/etc/nsswitch.conf"
mv "$work/root" "$target"
