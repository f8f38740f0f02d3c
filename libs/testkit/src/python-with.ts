import { join } from 'node:path'
import { built } from './engines/sources/built.ts'

/**
 * A Python that has a package and no other, made once and kept in the cache folder; answers its path. Takes a
 * Python 3.11 or newer with venv and pip. Throws an `EngineError` where that cannot be had.
 */
export const pythonWith = async (name: 'pika'): Promise<string> => join(await built(name), 'bin/python')
