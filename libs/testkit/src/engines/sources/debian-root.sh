#!/bin/sh
# Fills a folder with programs of a Debian release and all they need: signed packages, unpacked, never installed.
# debian-root.sh RELEASE PACKAGE... TARGET
set -eu
release=$1
shift
packages=''
while [ $# -gt 1 ]; do
  packages="$packages $1"
  shift
done
target=$1

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir -p "$work/lists/partial" "$work/cache/archives/partial"
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
    -o Acquire::Retries=3 -o APT::Update::Error-Mode=any -o APT::Install-Recommends=false "$@"
}
apt update
# shellcheck disable=SC2086 # names of packages have no spaces
apt install --yes --download-only $packages

for package in "$work"/cache/archives/*.deb; do
  dpkg-deb --fsys-tarfile "$package" |
    tar -x -C "$target" --keep-directory-symlink --no-same-owner --exclude='./usr/share/doc/*'
  basename "$package" .deb
done >"$target/packages"
mkdir -p "$target/data"
echo '127.0.0.1 localhost' >"$target/etc/hosts"
printf 'passwd: files\nhosts: files\n' >"$target/etc/nsswitch.conf"
printf 'root:x:0:0::/data:/bin/sh\nnobody:x:65534:65534::/data:/bin/sh\n' >"$target/etc/passwd"
