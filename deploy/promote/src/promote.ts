import type { StoredService } from '@sandkeep/embedded/parts'
import { migrations as identityMigrations } from '@sandkeep/identity/migrations'
import { migrations as sandboxMigrations } from '@sandkeep/sandbox/migrations'
import type { Target } from './config.ts'
import { openMove } from './databases.ts'
import { moveDocuments } from './documents.ts'
import { moveObjects } from './objects.ts'
import type { Finding } from './report.ts'
import { isEqual } from './report.ts'
import { openSource } from './source.ts'

const migrations = { identity: identityMigrations, sandbox: sandboxMigrations }

export interface Promotion {
  findings: Finding[]
  /** Whether both sides are equal; only then is it written down as finished. */
  isEqual: boolean
  /** What the services must be told to read what they wrote, by the variable of each. */
  secrets: Record<string, string>
}

/**
 * Moves the data of an embedded installation into real engines, and compares. Killed and called again, it goes on.
 * Throws `StartRefusedError` when the source is in use or the target holds something else.
 */
export async function promote(
  dataDirectory: string,
  target: Target,
  say: (line: string) => void,
): Promise<Promotion> {
  await using stack = new AsyncDisposableStack()
  const source = stack.use(await openSource(dataDirectory))
  const openDatabase = (service: StoredService) =>
    openMove({
      service,
      sourceUrl: source.databaseUrl(service),
      targetUrl: target[service].database,
      migrations: migrations[service],
      say,
      stack,
    })
  // What must be refused is refused before anything is written.
  const [identity, sandbox] = [await openDatabase('identity'), await openDatabase('sandbox')]
  const moves = [identity, sandbox]
  for (const move of moves) await move.copy()
  const documents = await moveDocuments({
    source: { databaseUrl: source.databaseUrl('sandbox') },
    target: { databaseUrl: target.sandbox.database, documentsUrl: target.sandbox.documents },
    progress: sandbox.progress,
    stack,
  })
  say('copied sandbox documents')
  const objects: Finding[] = []
  for (const [service, { progress }] of [
    ['identity', identity],
    ['sandbox', sandbox],
  ] as const) {
    const urls = { source: source.objectsUrl(service), target: target[service].objects }
    objects.push(await moveObjects(service, urls, { progress, stack }))
    say(`copied ${service} objects`)
  }
  const tables: Finding[] = []
  for (const move of moves) tables.push(...(await move.verify()))
  const findings = [...tables, ...documents, ...objects]
  const areEqual = findings.every(isEqual)
  if (areEqual) for (const move of moves) await move.finish()
  return { findings, isEqual: areEqual, secrets: source.secrets }
}
