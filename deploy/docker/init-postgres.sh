#!/bin/sh
# Run once by the image, as the cluster is made: the service's own role and database, which no other role reaches.
set -eu
password=$(cat /run/secrets/service)
psql --set ON_ERROR_STOP=1 --username "$POSTGRES_USER" --dbname postgres --set name="$SERVICE" --set password="$password" <<'SQL'
create role :"name" login password :'password';
create database :"name" owner :"name";
revoke connect on database postgres, template1, :"name" from public;
SQL
