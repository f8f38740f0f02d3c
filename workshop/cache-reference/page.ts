import type { OwnedKeys } from './declared-keys.ts'

const introduction = `# Keys of the cache

Every key that is ever kept in the cache, by the service that owns it. In Redis a key is
\`sandkeep:OWNER:value:KEY\`, or \`sandkeep:OWNER:window:KEY\` for a sliding window. Each lives at most as long as it says;
a window is kept a twentieth longer. Nothing here is the only copy of anything: with the cache gone, services are slower
or stricter, never wrong.

This page is generated from the \`cache-keys.ts\` of the services: \`npm run gen\` writes it, \`npm run check\` finds it
stale. The compiler lets no other key into the cache.`

/** \`docs/cache-keys.md\`. */
export const cacheKeysPage = (owners: OwnedKeys[]): string =>
  `${[introduction, ...owners.map(section)].join('\n\n')}\n`

function section({ owner, keys }: OwnedKeys): string {
  const rows = keys.map(
    (it) =>
      `| \`${it.pattern}\` | ${it.holds} | ${lifeOf(it.longestMs)} | ${it.forgottenWhen} | ${it.withoutCache} |`,
  )
  const head =
    '| key | what it holds | lives at most | goes before that with | without the cache |\n|---|---|---|---|---|'
  return `## ${owner}\n\n${head}\n${rows.join('\n')}`
}

const units = [
  { name: 'd', ms: 86_400_000 },
  { name: 'h', ms: 3_600_000 },
  { name: 'min', ms: 60_000 },
  { name: 's', ms: 1_000 },
]

function lifeOf(ms: number): string {
  const unit = units.find((it) => ms % it.ms === 0) ?? { name: 'ms', ms: 1 }
  return `${ms / unit.ms} ${unit.name}`
}
