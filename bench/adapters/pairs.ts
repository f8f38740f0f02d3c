import { bareFileGet, bareFilePut } from './bare-file.ts'
import * as bareMongodb from './bare-mongodb.ts'
import * as barePostgres from './bare-postgres.ts'
import { bareS3Get, bareS3Put } from './bare-s3.ts'
import { bareRoundTrip, busRoundTrip } from './bus-work.ts'
import { bareCacheGet, bareTake, cacheGet, cacheTake } from './cache-work.ts'
import { getDocument, insertDocument } from './documents-work.ts'
import { getObject, putObject } from './objects-work.ts'
import type { Pair } from './work.ts'

/** By the engine and what is done with it. */
export const pairs: Record<string, Pair> = {
  'postgres-insert': { ours: insertDocument, bare: barePostgres.bareInsert },
  'postgres-get': { ours: getDocument, bare: barePostgres.bareGet },
  'mongodb-insert': { ours: insertDocument, bare: bareMongodb.bareInsert },
  'mongodb-get': { ours: getDocument, bare: bareMongodb.bareGet },
  's3-put': { ours: putObject, bare: bareS3Put },
  's3-get': { ours: getObject, bare: bareS3Get },
  'file-put': { ours: putObject, bare: bareFilePut },
  'file-get': { ours: getObject, bare: bareFileGet },
  'redis-take': { ours: cacheTake, bare: bareTake },
  'redis-get': { ours: cacheGet, bare: bareCacheGet },
  'rabbitmq-event': { ours: busRoundTrip, bare: bareRoundTrip },
}
