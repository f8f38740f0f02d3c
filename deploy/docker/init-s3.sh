#!/bin/sh
# A user and a bucket of its own for each service; what is there already stays.
set -eu
export ADMIN_ACCESS_KEY=root ADMIN_ENDPOINT_URL=http://s3:7070 ADMIN_REGION=us-east-1
ADMIN_SECRET_KEY=$(cat /run/secrets/root)
export ADMIN_SECRET_KEY
gateway=$(command -v versitygw || echo /app/versitygw)
for service in identity sandbox; do
  "$gateway" admin list-users | grep -qw "$service" ||
    "$gateway" admin create-user --access "$service" --secret "$(cat "/run/secrets/$service")" --role user
  "$gateway" admin list-buckets | grep -qw "$service" ||
    "$gateway" admin create-bucket --owner "$service" --bucket "$service"
done
