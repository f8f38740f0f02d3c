import type { Objects } from '@sandkeep/objects'
import type { Database } from '@sandkeep/postgres'
import { pruneIdempotencyKeys, type Task } from '@sandkeep/service-kit'
import type { Logger } from 'pino'
import { sweepAvatars } from './avatar/avatar-sweep.ts'
import { prune } from './prune.ts'
import type { Services } from './services.ts'

export interface TaskParts {
  db: Database
  objects: Objects
  services: Services
  log: Logger
}

const second = 1000
const minute = 60 * second
const hour = 60 * minute

/** What is done from time to time. What changes the stores is done by one replica at a time. */
export function tasks({ db, objects, services, log }: TaskParts): Task[] {
  return [
    { name: 'load revocations', pauseMs: second / 2, run: services.revoked.load },
    { name: 'refresh signing keys', pauseMs: minute, run: services.keys.refresh },
    { name: 'prune', pauseMs: hour, run: () => db.withLock('identity prune', () => prune(db)) },
    { name: 'prune idempotency keys', pauseMs: hour, run: () => pruneIdempotencyKeys(db) },
    {
      name: 'sweep avatars',
      pauseMs: 24 * hour,
      run: () => db.withLock('identity avatar sweep', () => sweepAvatars({ db, objects, log }, new Date())),
    },
  ]
}
