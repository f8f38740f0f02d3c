import { ObjectsUnavailableError } from '../errors.ts'

const reasons: Record<string, string> = {
  ENOSPC: 'the disk is full',
  EDQUOT: 'the disk quota is used up',
  EFBIG: 'the file is larger than the system allows',
  EIO: 'the disk reported an error',
  EROFS: 'the file system is read-only',
  EACCES: 'access to the directory is denied',
  EPERM: 'access to the directory is denied',
  EMFILE: 'too many files are open',
  ENFILE: 'too many files are open',
  ESTALE: 'the network file system is gone',
  ETIMEDOUT: 'the network file system does not answer',
}

export function errorCode(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined
}

/** Runs file work; what the operating system refuses becomes ObjectsUnavailableError. */
export async function fileWork<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    const reason = reasons[errorCode(error) ?? '']
    throw reason === undefined ? error : new ObjectsUnavailableError(reason, error)
  }
}

/** The result, or null when a file or folder on the way does not exist. */
export async function unlessMissing<T>(work: Promise<T>): Promise<T | null> {
  try {
    return await work
  } catch (error) {
    const code = errorCode(error)
    if (code === 'ENOENT' || code === 'ENOTDIR') return null
    throw error
  }
}
