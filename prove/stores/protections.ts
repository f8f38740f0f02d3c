import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { contentAt } from './store/objects.ts'
import type { ProvedStore, StorePlace } from './store/proved-store.ts'

const impatienceMs = 5

/** A store that calls done what is still on its way. */
export function acknowledgeEarly(store: ProvedStore): ProvedStore {
  return {
    ...store,
    obey: (id) => Promise.race([store.obey(id).catch(() => true), delay(impatienceMs, true)]),
  }
}

/** Objects as a naive program keeps them in a directory: written in place. */
export async function unstagedObjects({ url, space }: StorePlace): Promise<ProvedStore> {
  const directory = join(fileURLToPath(url), space)
  await mkdir(directory, { recursive: true })
  return {
    async obey(id) {
      const [, name = ''] = id.split(':')
      if (id.startsWith('put:') || id.startsWith('create:'))
        await writeFile(join(directory, name), contentAt(`${space}/${name}`))
      return true
    },
    [Symbol.asyncDispose]: async () => {},
  }
}
