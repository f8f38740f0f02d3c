#!/bin/sh
# Builds influxd into TARGET from the modules that go.sum holds and the crates that Flux locks. Takes Go >= 1.24,
# cargo with a stable Rust, a C compiler, and some minutes.
set -eu
target=$1
here=$(cd "$(dirname "$0")" && pwd)
cd "$here"

export GOTOOLCHAIN=local GOFLAGS=-mod=readonly
# Flux asks for an old compiler of its own.
export RUSTUP_TOOLCHAIN=stable RUSTC_WORKSPACE_WRAPPER="$here/rustc-tolerant.sh"

# Its pkg-config is what builds Flux' library, when Go asks where that is.
tools=$(mktemp -d)
trap 'rm -rf "$tools"' EXIT
go build -o "$tools/pkg-config" github.com/influxdata/pkg-config
PATH=$tools:$PATH go build -buildvcs=false -tags 'sqlite_foreign_keys,sqlite_json' \
  -ldflags '-s -w -X main.version=v2.7.12' -o "$target/influxd" github.com/influxdata/influxdb/v2/cmd/influxd
