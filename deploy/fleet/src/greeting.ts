import { near, row } from '@sandkeep/embedded/parts'
import type { Fleet } from './start-fleet.ts'

/** What a person reads when everything runs. */
export function greeting(
  { url, services, engines, accounts, directory }: Fleet,
  startedInMs: number,
): string {
  const started = Object.values(engines).flatMap((engine) =>
    engine ? [`${engine.origin.padEnd(48)} ${withoutUser(engine.url)}`] : [],
  )
  return [
    '',
    `Sandkeep's fleet runs at ${url} (started in ${(startedInMs / 1_000).toFixed(1)} s)`,
    '',
    ...row(
      'Services',
      Object.entries(services).map(([name, it]) => `${name.padEnd(10)} ${it.url}  process ${it.pid()}`),
    ),
    ...row('Engines', started.length > 0 ? started : ['are those that were given']),
    ...row(
      'Sign in',
      accounts.map(({ email, password }) => `${email.padEnd(26)} ${password}`),
    ),
    ...row('Mail', [near(directory.mail)]),
    ...row('Try it', [`${url}/docs`, `npm run demo -- --data ${near(directory.root)}`]),
    ...row('Break it', ['npm run fleet -- --kill sandbox']),
    '',
    'Ctrl-C stops it, and removes the data of the engines that it started.',
    '',
  ].join('\n')
}

function withoutUser(url: string): string {
  return Object.assign(new URL(url), { username: '', password: '' }).href
}
