/** Sandkeep cannot start as it is told to. The message says why and what to do, and is all that a person is shown. */
export class StartRefusedError extends Error {
  override readonly name: string = 'StartRefusedError'
}
