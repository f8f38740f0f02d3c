import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { describeFleet } from '@sandkeep/gateway'
import { describe as describeIdentity } from '@sandkeep/identity'
import { describe as describeSandbox } from '@sandkeep/sandbox'

// Writes docs/openapi.json, what the gateway answers at /openapi.json; with --check only tells whether it is current.
const { values } = parseArgs({ options: { check: { type: 'boolean' } } })
const path = join(import.meta.dirname, '../../../../docs/openapi.json')

const [identity, sandbox] = await Promise.all([describeIdentity(), describeSandbox()])
const current = `${JSON.stringify(await describeFleet({ identity, sandbox }), null, 2)}\n`

if (!values.check) await writeFile(path, current)
else if ((await readFile(path, 'utf8').catch(() => '')) !== current) {
  console.error('docs/openapi.json is stale: run npm run gen')
  process.exitCode = 1
}
