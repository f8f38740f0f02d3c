import { readFile } from 'node:fs/promises'

/** Where the programs of a server run. */
export interface Place {
  /** The folder of the system that they see: a whole one of its own, or `/`, the machine's. */
  root: string
  /** The folder of the data, as this process sees it. */
  data: string
}

export const machineRoot = '/'

/** The folder of the data, as the programs see it. */
export const dataIn = ({ root, data }: Place): string => (root === machineRoot ? data : '/data')

/** The root's programs see the data as /data, the machine's network, and no process but their own. */
const enterRoot = `
mount --rbind /dev "$0/dev"
mount -t proc proc "$0/proc"
mount --bind "$1" "$0/data"
root=$0
shift
exec chroot "$root" "$@"`

const enterMachine = `
mount -t proc proc /proc
shift
exec "$@"`

/**
 * The command that runs another in a place, in namespaces of its own: when it ends, all that it started ends,
 * and no mount is left. Needs Linux; root, or a kernel that lets everybody make namespaces.
 */
export function inNamespace(place: Place, command: string[]): [file: string, ...args: string[]] {
  const become = process.getuid?.() === 0 ? [] : ['--user', '--map-root-user']
  const namespaces = [...become, '--mount', '--pid', '--fork', '--kill-child']
  const enter = place.root === machineRoot ? enterMachine : enterRoot
  return ['unshare', ...namespaces, '--', '/bin/sh', '-euc', enter, place.root, place.data, ...command]
}

/** Nothing of this process' own environment reaches the programs of a place. */
export const environmentIn = (place: Place) => ({
  PATH: '/usr/sbin:/usr/bin:/sbin:/bin',
  HOME: dataIn(place),
  LANG: 'C.UTF-8',
})

/** The processes that one started and that still run. */
export async function childrenOf(pid: number): Promise<number[]> {
  const text = await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8').catch(() => '')
  return text.split(' ').filter(Boolean).map(Number)
}
