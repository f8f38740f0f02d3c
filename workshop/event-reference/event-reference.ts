import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { inspect } from '../check/stage.ts'
import { root } from '../repository.ts'
import { readQueues } from './consumers.ts'
import { readContractFiles } from './image.ts'
import { eventsPage } from './page.ts'

const output = 'docs/events.md'

/** The page of events says what the contracts and the services say. */
export const eventReference = inspect('reference', async () => {
  const files = await readContractFiles()
  const now = await readFile(join(root, output), 'utf8').catch(() => '')
  const isStale = now !== eventsPage(files, await readQueues())
  const count = files.flatMap((it) => it.messageType).length
  return { problems: isStale ? [`${output} is stale: run npm run gen`] : [], summary: `${count} events` }
})

/** Writes the page. */
export async function writeEventReference(): Promise<void> {
  await writeFile(join(root, output), eventsPage(await readContractFiles(), await readQueues()))
}
