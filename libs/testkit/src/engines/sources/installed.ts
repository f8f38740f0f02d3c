/** A server's program that can be run on this machine. */
export interface Installed {
  /** The folder of the system that it runs in; `/` is the machine's own. */
  root: string
  /** Its path (or a folder of its programs, as the kind has it) inside that root. */
  program: string
  version: string
  /** For a person to read: `package of Debian bookworm`. */
  from: string
}

/**
 * A way to have a program: null where that way is not open on this machine; an `EngineError` where it is and
 * failed.
 */
export type Source = () => Promise<Installed | null>
