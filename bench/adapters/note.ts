import { randomUUID } from 'node:crypto'
import type { CollectionDefinition } from '@sandkeep/documents'

export interface Note {
  id: string
  owner: string
  text: string
  tags: string[]
}

export const noteOf = (id: string = randomUUID()): Note => ({
  id,
  owner: 'bench',
  text: 'a few words '.repeat(40),
  tags: ['one', 'two', 'three'],
})

export const notes: CollectionDefinition<Note> = {
  name: 'notes',
  schema: {
    type: 'object',
    required: ['id', 'owner', 'text', 'tags'],
    additionalProperties: false,
    properties: {
      id: { type: 'string' },
      owner: { type: 'string' },
      text: { type: 'string' },
      tags: { type: 'array', items: { type: 'string' } },
    },
  },
  keys: { byOwner: { fields: ['owner'] } },
}
