import { randomUUID } from 'node:crypto'
import type { Collection, CollectionDefinition } from '../src/index.ts'

/** A document with a bit of everything that the port offers. */
export interface Note {
  id: string
  version: number
  owner: string
  path: string
  rank: number
  text: string
  tags: string[]
  extra?: object
  expiresAt?: string
}

export const noteOf = (part: Partial<Note>): Note => ({
  id: randomUUID(),
  version: 1,
  owner: 'ann',
  path: randomUUID(),
  rank: 0,
  text: '',
  tags: [],
  ...part,
})

/** Opens a collection of the test's own. */
export type OpenNotes = () => Promise<Collection<Note>>

/** A new collection each time, so that tests do not see each other. */
export const noteDefinition = (): CollectionDefinition<Note> => ({
  name: `notes_${randomUUID().slice(0, 8)}`,
  schema: {
    type: 'object',
    required: ['id', 'version', 'owner', 'path', 'rank', 'text', 'tags'],
    additionalProperties: false,
    properties: {
      id: { type: 'string' },
      version: { type: 'integer', minimum: 1 },
      owner: { type: 'string' },
      path: { type: 'string', minLength: 1 },
      rank: { type: 'number' },
      text: { type: 'string' },
      tags: { type: 'array', items: { type: 'string' } },
      extra: { type: ['object', 'array'] },
      expiresAt: { type: 'string', format: 'date-time' },
    },
  },
  keys: {
    byPath: { fields: ['owner', 'path'], unique: true },
    byRank: { fields: ['rank'] },
    byTag: { fields: ['tags'] },
  },
  expiresAt: 'expiresAt',
})
