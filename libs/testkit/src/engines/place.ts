/** Where the programs of a server run. */
export interface Place {
  /** The folder of the system that they see: a whole one of its own, or `/`, the machine's. */
  root: string
  /** The folder of the data, as this process reaches it. */
  data: string
  /** The same folder, as the machine's own programs see it. */
  mountedAt: string
  /** The process in whose namespaces the data is mounted, when it has a disk of its own. */
  disk?: number
}

export const machineRoot = '/'

/** The folder of the data, as the server's programs see it. */
export const dataIn = ({ root, mountedAt }: Place): string => (root === machineRoot ? mountedAt : '/data')

/** Nothing of this process' own environment reaches the programs of a place. */
export const environmentIn = (place: Place) => ({
  PATH: '/usr/sbin:/usr/bin:/sbin:/bin',
  HOME: dataIn(place),
  LANG: 'C.UTF-8',
})
