import { spawnSync } from 'node:child_process'
import { readFile, stat } from 'node:fs/promises'

/** A user that PostgreSQL's programs run as. They refuse to run as root. */
export interface Account {
  uid: number
  gid: number
}

const candidates = ['postgres', 'nobody']

/** The account for a server over `cluster`: the owner of what exists; undefined unless this process is root. */
export async function serverAccount(cluster: string): Promise<Account | undefined> {
  if (process.getuid?.() !== 0) return undefined
  const owner = await stat(cluster).catch(() => undefined)
  if (owner !== undefined && owner.uid !== 0) return { uid: owner.uid, gid: owner.gid }
  const accounts = parseAccounts(await readFile('/etc/passwd', 'utf8'))
  const account = candidates.map((name) => accounts.get(name)).find((it) => it !== undefined)
  if (account === undefined)
    throw new Error(`PostgreSQL cannot run as root: make a user "${candidates[0]}" for it`)
  return account
}

function parseAccounts(passwd: string): Map<string, Account> {
  const fields = passwd.split('\n').map((line) => line.split(':'))
  return new Map(fields.map(([name = '', , uid, gid]) => [name, { uid: Number(uid), gid: Number(gid) }]))
}

export interface Launch {
  file: string
  args: string[]
  account: Partial<Account>
}

/**
 * How to start a program as the account. Where the account may not enter the folders that lead to the
 * program or its data (below /root, say), the program keeps the one right to do so.
 */
export function launch(account: Account | undefined, file: string, args: string[], data: string): Launch {
  if (account === undefined) return { file, args, account: {} }
  if (canReach(account, file) && canReach(account, data)) return { file, args, account }
  const keep = ['--inh-caps=+dac_override', '--ambient-caps=+dac_override']
  const become = [`--reuid=${account.uid}`, `--regid=${account.gid}`, '--clear-groups', ...keep]
  return { file: 'setpriv', args: [...become, '--', file, ...args], account: {} }
}

const canReach = (account: Account, path: string) =>
  spawnSync('/bin/sh', ['-c', 'test -x "$0"', path], { ...account, stdio: 'ignore' }).status === 0
