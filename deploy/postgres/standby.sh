#!/bin/sh
# Copies the primary at the first start, then follows it.
set -eu
: "${PGDATA:=/var/lib/postgresql/data}"
if [ ! -s "$PGDATA/PG_VERSION" ]; then
  PGPASSWORD=$(cat /run/secrets/replication_password)
  export PGPASSWORD
  pg_basebackup --dbname 'host=primary user=replicator application_name=standby' \
    --pgdata "$PGDATA" --write-recovery-conf --slot standby --wal-method stream
  chmod 700 "$PGDATA"
fi
exec postgres
