import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { migrations, openBus } from '@sandkeep/messaging'
import { createDatabase, type Database, migrate, openPostgres, sql } from '@sandkeep/postgres'
import { pino } from 'pino'
import { openLedger } from '../harness/ledger.ts'
import type { Random } from '../harness/random.ts'
import { drawFault, faultName, type Point } from './faults.ts'
import { compare, type Findings } from './findings.ts'
import { finish, type LifeOptions, live } from './life.ts'
import { type PairOptions, purposes } from './pair-protocol.ts'
import { type Protection, withoutInbox } from './protections.ts'
import { createTables } from './schema.ts'

const patienceMs = 60_000
const pollMs = 100

export interface RoundOptions {
  /** Of the superuser. */
  postgresUrl: string
  busUrl: string
  /** Holds the round's ledger. */
  directory: string
  /** Tells this round from all others. */
  name: string
  kills: number
  random: Random
  without?: Protection
  /** Where to kill; everywhere unless given. */
  at?: readonly Point[]
  stop: AbortSignal
}

export interface RoundResult {
  findings: Findings
  acknowledged: number
  unknown: number
  /** Kills by the name of their fault. */
  faults: Record<string, number>
}

/** Kills a pair so many times under load, lets it work off what is left, and compares everything with the ledger. */
export async function playRound(options: RoundOptions): Promise<RoundResult> {
  const { kills, random, without, at, stop } = options
  await using stack = new AsyncDisposableStack()
  const { db, databaseUrl } = await openRound(options, stack)
  const ledger = stack.use(openLedger(join(options.directory, `${options.name}.ledger`)))
  const pair: PairOptions = {
    databaseUrl,
    busUrl: options.busUrl,
    consumer: `proof-${options.name}`,
    ...(without && { without }),
  }
  const life: LifeOptions = { pair, ledger, random, stop }

  const faults: Record<string, number> = {}
  for (let kill = 0; kill < kills; kill++) {
    const fault = drawFault(random, kill, at)
    const name = (await live(life, fault)) ? faultName(fault) : 'random instant'
    faults[name] = (faults[name] ?? 0) + 1
  }
  await workOff(db, life)
  const fates = ledger.read()
  const findings = await compare(db, fates, await countDead(db, pair))
  const acknowledged = [...fates.values()].filter((fate) => fate === 'ok').length
  return { findings, acknowledged, unknown: fates.size - acknowledged, faults }
}

async function openRound({ postgresUrl, name, without }: RoundOptions, stack: AsyncDisposableStack) {
  const owner = { name: `proof_${name}`, owner: 'proof', password: 'proof' }
  await createDatabase(postgresUrl, owner)
  const url = new URL(postgresUrl)
  Object.assign(url, { username: owner.owner, password: owner.password, pathname: `/${owner.name}` })
  await migrate(url.href, [migrations])
  const db = stack.use(await openPostgres({ url: url.href, max: 4, applicationName: 'prover' }))
  await createTables(db)
  if (without === 'inbox') await withoutInbox(db)
  return { db, databaseUrl: url.href }
}

async function workOff(db: Database, life: LifeOptions): Promise<void> {
  await using _last = await finish(life)
  await settled(db)
  life.stop.throwIfAborted()
}

/** Waits until nothing is under way any more, or nothing has changed for a while: what is missing then is lost. */
async function settled(db: Database): Promise<void> {
  let last = ''
  let quietSince = Date.now()
  for (const deadline = Date.now() + patienceMs; Date.now() < deadline; await delay(pollMs)) {
    const now = await progress(db)
    if (now.isComplete) return
    if (now.text !== last) quietSince = Date.now()
    last = now.text
    if (Date.now() - quietSince > 8_000) return
  }
}

async function progress(db: Database): Promise<{ isComplete: boolean; text: string }> {
  const row = await db.one<{ waiting: number; missing: number; effects: number }>(sql`
    select (select count(*) from messaging.outbox) + (select count(*) from messaging.parked) as waiting,
      (select count(*) from changes, unnest(${[...purposes]}::text[]) as purpose where not exists (
        select from effects where consumer = purpose and effects.command_id = changes.command_id)) as missing,
      (select count(*) from effects) as effects`)
  return { isComplete: row?.waiting === 0 && row.missing === 0, text: JSON.stringify(row) }
}

async function countDead(db: Database, { busUrl, consumer }: PairOptions): Promise<number> {
  const parked = await db.query(sql`select from messaging.parked where dead_at is not null`)
  await using bus = await openBus(busUrl, { log: pino({ level: 'silent' }), name: 'prover' })
  const counts = await Promise.all(purposes.map((purpose) => bus.countDeadLetters(`${consumer}.${purpose}`)))
  return counts.reduce((total, n) => total + n, parked.length)
}
