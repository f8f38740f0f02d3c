import { readFile } from 'node:fs/promises'

/** The root's programs see the data as /data, the machine's network, and no process but their own. */
const enter = `
mount --rbind /dev "$0/dev"
mount -t proc proc "$0/proc"
mount --bind "$1" "$0/data"
root=$0
shift
exec chroot "$root" "$@"`

export interface Place {
  /** A folder with a whole system of programs. */
  root: string
  data: string
}

/**
 * The command that runs another inside a root, in namespaces of its own: when it ends, all that it started ends,
 * and no mount is left. Needs Linux; root, or a kernel that lets everybody make namespaces.
 */
export function inNamespace({ root, data }: Place, command: string[]): [file: string, ...args: string[]] {
  const become = process.getuid?.() === 0 ? [] : ['--user', '--map-root-user']
  const namespaces = [...become, '--mount', '--pid', '--fork', '--kill-child']
  return ['unshare', ...namespaces, '--', '/bin/sh', '-euc', enter, root, data, ...command]
}

/** Nothing of this process' own environment reaches the programs of a root. */
export const rootEnvironment = {
  PATH: '/usr/sbin:/usr/bin:/sbin:/bin',
  HOME: '/data',
  LANG: 'C.UTF-8',
}

/** The processes that one started and that still run. */
export async function childrenOf(pid: number): Promise<number[]> {
  const text = await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8').catch(() => '')
  return text.split(' ').filter(Boolean).map(Number)
}
