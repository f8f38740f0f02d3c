#!/bin/sh
# Builds versitygw into TARGET from the modules that go.sum holds. Takes Go >= 1.26 and about a minute.
set -eu
target=$1
cd "$(dirname "$0")"
GOTOOLCHAIN=local GOFLAGS=-mod=readonly go build -p 2 -buildvcs=false -trimpath -ldflags '-s -w' \
  -o "$target/versitygw" github.com/versity/versitygw/cmd/versitygw
