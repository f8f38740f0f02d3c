import { copyFile, mkdir } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { parseArgs } from 'node:util'
import { execute } from './check/stage.ts'
import { api, currentApi, releasedApi } from './released/api.ts'
import { events, releasedEvents } from './released/events.ts'
import { root } from './repository.ts'

// Moves the released contracts to what the tree says now. From then on `npm run check` defends them.
const { values } = parseArgs({ options: { breaking: { type: 'boolean' }, first: { type: 'boolean' } } })

const refused = []
for (const stage of values.first ? [] : [events, api]) {
  const verdict = await stage.run()
  if (verdict.ok) continue
  console.log(`${stage.name}: breaks what is released\n${verdict.details ?? verdict.summary}`)
  refused.push(stage.name)
}

if (refused.length > 0 && !values.breaking) {
  console.error('release: nothing moved. Keep the old contract beside the new one, or accept with --breaking')
  process.exitCode = 1
} else {
  await mkdir(join(root, dirname(releasedApi)), { recursive: true })
  const { code, output } = await execute(['buf', 'build', 'proto', '--output', releasedEvents])
  if (code !== 0) throw new Error(output)
  await copyFile(join(root, currentApi), join(root, releasedApi))
  console.log(`release: ${releasedEvents} and ${releasedApi} moved; commit both`)
}
