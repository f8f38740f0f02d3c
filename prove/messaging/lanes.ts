import { newId } from '@sandkeep/postgres'
import type { Random } from '../harness/random.ts'
import type { Fleet } from './fleet.ts'
import type { Person } from './people.ts'

/** What one write asks of a service. */
export interface Write {
  url: string
  method: 'POST' | 'PUT' | 'PATCH'
  headers: Record<string, string>
  body: string
}

export interface Answer {
  status: number
  etag: string | null
  body: unknown
}

/** A line of writes to one aggregate, one after the other. */
export interface Lane {
  /** The next write; null when the aggregate must be read first: then `read` is what to ask. */
  next(random: Random): Write | { read: string }
  person: Person
  /** Learns from an answer; null means that none came. */
  learn(answer: Answer | null): void
  /** The newest version that an answer told of, and of which aggregate. */
  seen(): { table: 'users' | 'sandboxes'; id: string; version: number } | null
}

const json = { 'content-type': 'application/json' }

/** A person who edits the own account. */
function accountLane(origin: string, person: Person): Lane {
  const url = `${origin}/v1/me`
  let version: number | null = null
  let newest = 0
  return {
    person,
    next: (random) =>
      version === null
        ? { read: url }
        : {
            url,
            method: 'PATCH',
            headers: { ...json, 'if-match': `"${version}"` },
            body: JSON.stringify({ firstName: `Given ${random.between(1, 1_000_000)}` }),
          },
    learn(answer) {
      version = versionOf(answer)
      newest = Math.max(newest, version ?? 0)
    },
    seen: () => ({ table: 'users', id: person.id, version: newest }),
  }
}

const writesOfSandbox = 60

/** A person who makes a sandbox, writes files and renames it, and after some time makes another. */
function sandboxLane(origin: string, person: Person): Lane {
  let id: string | null = null
  let version: number | null = null
  let newest = 0
  let writes = 0
  let isFileWrite = false

  const create = (): Write => ({
    url: `${origin}/v1/sandboxes`,
    method: 'POST',
    headers: { ...json, 'idempotency-key': newId() },
    body: JSON.stringify({ name: 'Counter', type: 'exercise' }),
  })
  const write = (random: Random, url: string): Write => {
    const text = `-module(m${random.between(1, 1_000_000)}).`
    isFileWrite = random.between(1, 3) === 1
    return isFileWrite
      ? {
          url: `${url}/files/src/m${random.between(1, 20)}.erl`,
          method: 'PUT',
          headers: { 'content-type': 'text/plain' },
          body: text,
        }
      : {
          url,
          method: 'PATCH',
          headers: { ...json, 'if-match': `"${version}"` },
          body: JSON.stringify({ name: `Counter ${random.between(1, 1_000_000)}` }),
        }
  }
  return {
    person,
    next(random) {
      if (id === null || ++writes > writesOfSandbox) {
        id = null
        writes = 0
        return create()
      }
      const url = `${origin}/v1/sandboxes/${id}`
      return version === null ? { read: url } : write(random, url)
    },
    learn(answer) {
      if (id === null) {
        id = idOf(answer)
        newest = 0
      }
      // A file's ETag is the file's.
      version = isFileWrite ? null : versionOf(answer)
      isFileWrite = false
      newest = Math.max(newest, version ?? 0)
    },
    seen: () => (id === null ? null : { table: 'sandboxes', id, version: newest }),
  }
}

/** Half of the people edit their account, the others work in a sandbox. */
export const lanesOf = ({ people, origins }: Pick<Fleet, 'people' | 'origins'>): Lane[] =>
  people.all.map((person, index) =>
    index % 2 === 0 ? accountLane(origins.identity, person) : sandboxLane(origins.sandbox, person),
  )

function versionOf(answer: Answer | null): number | null {
  if (!answer || answer.status >= 300) return null
  const version = /^"(\d+)"$/.exec(answer.etag ?? '')?.[1]
  return version === undefined ? null : Number(version)
}

function idOf(answer: Answer | null): string | null {
  if (answer?.status !== 201) return null
  const { body } = answer
  return typeof body === 'object' && body !== null && 'id' in body && typeof body.id === 'string'
    ? body.id
    : null
}
