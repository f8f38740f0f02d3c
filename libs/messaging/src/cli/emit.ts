import { readFile } from 'node:fs/promises'
import { text as readAll } from 'node:stream/consumers'
import { fromJson, type JsonValue } from '@bufbuild/protobuf'
import { type AnyContract, contracts } from '@sandkeep/contracts'
import { outbox } from '../outbox.ts'
import { wakeRelay } from '../relay-store.ts'
import { type Command, only, requiredText, UsageError, wholeNumber } from './command.ts'
import { recordOperation } from './event-store.ts'

export const emit: Command = {
  summary: 'announce a hand-written event',
  help: `npm run events -- emit TYPE --aggregate ID --version N --data JSON

Checks the data against the contract of TYPE, strictly, and commits the event to the outbox of the service whose
database DATABASE_URL names; its relay publishes it like any other. For repairs and for trying a consumer: nothing
else changes in the service. The operation is recorded.

  --aggregate ID  what the event is about
  --version N     the aggregate's version
  --data JSON     the data in proto3 JSON; @FILE reads a file, - reads the standard input

Example
  npm run events -- emit identity.user.email-verified.v1 --aggregate 0199f6a2-4c1b-7d35-9e0a-1f2b3c4d5e6f \\
    --version 4 --data @event.json`,
  options: { aggregate: { type: 'string' }, version: { type: 'string' }, data: { type: 'string' } },
  async run(values, positionals, { db: openDb, operator, print }) {
    const contract = contractOf(only(positionals, 'event type'))
    const aggregateId = requiredText(values, 'aggregate')
    const aggregateVersion = wholeNumber(values, 'version', undefined)
    if (aggregateVersion === undefined) throw new UsageError('--version is missing')
    const data = readStrictly(contract, await readInput(requiredText(values, 'data')))
    const db = await openDb()
    await db.transaction(async (tx) => {
      await outbox.add(tx, contract, { aggregateId, aggregateVersion, data })
      await recordOperation(tx, operator, 'emit', { type: contract.type, aggregateId, aggregateVersion })
    })
    await wakeRelay(db)
    print(`committed ${contract.type} about ${aggregateId} v${aggregateVersion}`)
  },
}

function contractOf(type: string): AnyContract {
  const contract = contracts.get(type)
  if (contract) return contract
  throw new UsageError(
    `there is no event type "${type}"; there are:\n  ${[...contracts.keys()].join('\n  ')}`,
  )
}

async function readInput(argument: string): Promise<string> {
  if (argument === '-') return await readAll(process.stdin)
  return argument.startsWith('@') ? await readFile(argument.slice(1), 'utf8') : argument
}

/** A consumer ignores what it does not know; by hand that would be a typing error. */
function readStrictly(contract: AnyContract, input: string): unknown {
  try {
    const json: JsonValue = JSON.parse(input)
    fromJson(contract.message, json)
    return contract.fromJson(json)
  } catch (error) {
    throw new UsageError(
      `the data does not fit ${contract.type}: ${error instanceof Error ? error.message : error}`,
    )
  }
}
