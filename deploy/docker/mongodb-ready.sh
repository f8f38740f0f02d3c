#!/bin/sh
# Healthy is a primary; a set that was never initiated is.
exec mongosh --quiet --host 127.0.0.1 --username root --password "$(cat /run/secrets/admin)" --eval '
  try { rs.status() } catch (error) {
    if (error.codeName === "NotYetInitialized")
      rs.initiate({ _id: "rs0", members: [{ _id: 0, host: "mongodb:27017" }] })
  }
  quit(db.hello().isWritablePrimary ? 0 : 1)'
