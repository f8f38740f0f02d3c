#!/bin/sh
# The compiler that cargo calls for Flux, whose sources forbid the warnings that newer compilers have.
compiler=$1
shift
exec "$compiler" "$@" --cap-lints allow
