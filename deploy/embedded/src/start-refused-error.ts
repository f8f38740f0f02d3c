import { ConfigError } from '@sandkeep/service-kit'

/** Sandkeep cannot start as it is told to. The message says why and what to do, and is all that a person is shown. */
export class StartRefusedError extends Error {
  override readonly name: string = 'StartRefusedError'
}

const wrongConfigurationCode = 78

/** What to say of an error that ended a start, and the exit code: 78 when what was asked for cannot be, else 1. */
export function refusalOf(error: unknown): { message: string; exitCode: number } {
  const isRefusal = error instanceof StartRefusedError || error instanceof ConfigError
  return {
    message: error instanceof Error ? error.message : String(error),
    exitCode: isRefusal ? wrongConfigurationCode : 1,
  }
}
