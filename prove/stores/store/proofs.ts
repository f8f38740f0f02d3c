import { cacheProof } from './cache.ts'
import { documentsProof } from './documents.ts'
import { objectsProof } from './objects.ts'
import type { StoreProof } from './proved-store.ts'

export const ports = ['documents', 'objects', 'cache'] as const
export type Port = (typeof ports)[number]

export const proofs: Record<Port, StoreProof> = {
  documents: documentsProof,
  objects: objectsProof,
  cache: cacheProof,
}
