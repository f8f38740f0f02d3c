import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { machineRoot, type Place } from './place.ts'

const run = promisify(execFile)

/** What a server leaves when it is killed goes with its namespaces: processes, mounts, shared memory. */
const namespaces = ['--mount', '--pid', '--ipc', '--fork', '--kill-child']
const isRoot = process.getuid?.() === 0
export const asRoot = isRoot ? [] : ['--user', '--map-root-user']

const enterMachine = `
mount -t tmpfs -o mode=1777 tmpfs /dev/shm
mount -t proc proc /proc
shift
exec "$@"`

/** Not chroot: who is in one may make no further namespaces. */
const enterRoot = `
mount --bind "$0" "$0"
mount --rbind /dev "$0/dev"
mount -t tmpfs -o mode=1777 tmpfs "$0/dev/shm"
mount -t proc proc "$0/proc"
mount --bind "$1" "$0/data"
cd "$0"
pivot_root . .
umount -l .
cd /
shift
exec "$@"`

/**
 * The command that runs another in a place, in namespaces of its own: when it ends, all that it started ends,
 * and no mount is left. Takes Linux, and root or a kernel that lets everybody make namespaces; where there are
 * none, the machine's own programs run without.
 */
export async function inPlace(place: Place, command: string[]): Promise<string[]> {
  const { root, mountedAt, disk } = place
  if (root === machineRoot && disk === undefined && !(await hasNamespaces())) return command
  const enter = root === machineRoot ? enterMachine : enterRoot
  const make = ['unshare', ...(disk === undefined ? asRoot : []), ...namespaces]
  return [...enterDisk(disk), ...make, '--', '/bin/sh', '-euc', enter, root, mountedAt, ...command]
}

function enterDisk(holder: number | undefined): string[] {
  if (holder === undefined) return []
  const become = isRoot ? [] : ['--user', '--preserve-credentials']
  return ['nsenter', '--target', String(holder), ...become, '--mount', '--']
}

/** How to run a program of a place that refuses to run as root: as nobody, who may read all that root may. */
export async function asNobody(place: Place): Promise<string[]> {
  if (isRoot) {
    const account = ['--reuid=65534', '--regid=65534', '--clear-groups']
    const rights = ['--inh-caps=+dac_override', '--ambient-caps=+dac_override']
    // Who changes the account forgets to end with its parent, unless told again.
    return ['setpriv', ...account, ...rights, '--pdeathsig', 'KILL', '--']
  }
  const isRootThere = place.root !== machineRoot || place.disk !== undefined || (await hasNamespaces())
  return isRootThere ? ['unshare', '--user', '--map-user=65534', '--map-group=65534', '--'] : []
}

let known: Promise<boolean> | undefined

/** Whether this machine lets this process make namespaces. */
function hasNamespaces(): Promise<boolean> {
  known ??= run('unshare', [...asRoot, ...namespaces, '--mount-proc', '--', 'true']).then(
    () => true,
    () => false,
  )
  return known
}
