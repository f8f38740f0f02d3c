import { readFile } from 'node:fs/promises'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { listFiles, root } from '../repository.ts'
import { inspect } from './stage.ts'

const homes = '(home|Users|root|work|workspace|mnt)'
const suspicious: [RegExp, string][] = [
  [new RegExp(`(?<![\\w.@:/-])/${homes}/[\\w.-]+`), 'a path of one machine'],
  [
    /https?:\/\/(?:[\w-]+\.)*(?:registry|proxy|mirror|artifactory|nexus)\b(?!\.npmjs\.org)[\w.:-]*/,
    'a registry host',
  ],
]
const examined = /\.(ts|mts|mjs|js|json|ya?ml|sh|md|sql|proto|prisma|toml)$|^dev$|^\.ci\/|rc$/

/** No file names the machine it was written on, so that a clone works anywhere. */
export const portable = inspect('portable', async () => {
  const files = (await listFiles()).filter((it) => examined.test(it))
  const here = [root, homedir()].filter((it) => it.length > 1 && it !== '/root')
  const found = await Promise.all(
    files.map(async (name) => findMachineNames(name, await readFile(join(root, name), 'utf8'), here)),
  )
  return { problems: found.flat(), summary: `${files.length} files` }
})

export function findMachineNames(name: string, text: string, here: string[] = []): string[] {
  return text.split('\n').flatMap((line, index) => {
    const place = `${name}:${index + 1}`
    const own = here.filter((it) => line.includes(it)).map(() => `${place} names this folder`)
    return own.concat(
      suspicious.flatMap(([pattern, what]) => {
        const match = pattern.exec(line)
        return match ? [`${place} names ${what}: ${match[0]}`] : []
      }),
    )
  })
}
