import { writeCacheReference } from './cache-reference.ts'

await writeCacheReference()
