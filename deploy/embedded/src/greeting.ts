import { relative } from 'node:path'
import type { Product } from './product.ts'
import { residentMemoryOf } from './resident-memory.ts'

const mebibytes = (bytes: number) => `${Math.round(bytes / 1_048_576)} MiB`

/** What a person reads when everything runs: where it is, how to sign in, where mail goes, where to go next. */
export async function greeting(product: Product, startedInMs: number): Promise<string> {
  const { url, directory, postgres, accounts, isFirstStart, settings } = product
  const node = mebibytes(process.memoryUsage.rss())
  const server = mebibytes(await residentMemoryOf(postgres.pid))
  const signIn = isFirstStart
    ? accounts.map(({ email, password }) => `${email.padEnd(26)} ${password}`)
    : [`with an account of ${near(directory.signIn)}, or your own`]
  const mail = settings.identity['MAIL_URL']?.startsWith('file:')
    ? `${near(directory.mail)}, one file a message`
    : 'is sent as MAIL_URL says'
  return [
    '',
    `Sandkeep runs at ${url} (started in ${(startedInMs / 1_000).toFixed(1)} s; Node ${node}, PostgreSQL ${postgres.major} beside it ${server})`,
    '',
    ...row('Sign in', signIn),
    ...(isFirstStart ? row('', [`(kept in ${near(directory.signIn)})`]) : []),
    ...row('Try the API', [`${url}/docs`]),
    ...row('Mail', [mail]),
    ...row('Data', [near(directory.root)]),
    ...row('Next', ["npm run demo shows a learner's first hour; README.md has a session with curl"]),
    '',
    'Ctrl-C stops it.',
    '',
  ].join('\n')
}

/** A path as a person in this folder would write it. */
export function near(path: string): string {
  const fromHere = relative(process.cwd(), path)
  return fromHere.startsWith('..') ? path : `./${fromHere}`
}

export const row = (label: string, lines: string[]) =>
  lines.map((line, index) => `  ${(index === 0 ? label : '').padEnd(12)}${line}`)
