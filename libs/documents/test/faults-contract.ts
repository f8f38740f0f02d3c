import { type Engine, eventually, type TcpFault, type TcpProxy } from '@sandkeep/testkit'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Collection, type Documents, DocumentsUnavailableError } from '../src/index.ts'
import { type Note, noteDefinition, noteOf } from './note.ts'

export interface FaultyEngine extends AsyncDisposable {
  engine: Engine
  documents: Documents
  /** Waits for an engine that restarts, and repeats what broke off. */
  patient: Documents
  /** By way of a network that can fail. */
  remote: { documents: Documents; network: TcpProxy }
}

/** What every documents adapter must do while its engine dies, hangs and comes back. */
export function faultsContract(name: string, start: () => Promise<FaultyEngine>): void {
  describe(`${name} documents`, () => {
    let it: FaultyEngine
    beforeAll(async () => {
      it = await start()
    })
    afterAll(() => it[Symbol.asyncDispose]())

    const open = (documents = it.documents) => documents.collection(noteDefinition())

    test.for([
      ['is dead', (engine: Engine) => engine.kill(), (engine: Engine) => engine.restart()],
      ['hangs', (engine: Engine) => engine.pause(), (engine: Engine) => engine.resume()],
    ] as const)(
      'an engine that %s is out of reach, and is used again when it is back',
      async ([, end, begin]) => {
        const notes = await open()
        const note = noteOf({})
        await notes.insert([note])
        await end(it.engine)
        const answers = await callAll(notes, note)
        await begin(it.engine)
        for (const answer of answers) {
          expect(answer.status === 'rejected' && answer.reason).toBeInstanceOf(DocumentsUnavailableError)
        }
        await backAgain(notes)
        expect(await notes.insert([noteOf({})])).toEqual(['inserted'])
      },
    )

    test.for<TcpFault['kind'] & ('black-hole' | 'half-open' | 'cut-off')>([
      'black-hole',
      'half-open',
      'cut-off',
    ])(
      'behind a network that fails by %s the store is out of reach, and no connection stays lost',
      async (kind) => {
        const { network, documents } = it.remote
        const notes = await open(documents)
        const note = noteOf({})
        await notes.insert([note])
        await network.inject({ kind })
        for (let round = 0; round < 3; round++) await expectOutOfReach(notes, note)
        await network.heal()
        await backAgain(notes)
        const calls = Array.from({ length: 40 }, () => notes.insert([noteOf({})]))
        expect((await Promise.all(calls)).flat()).toEqual(calls.map(() => 'inserted'))
      },
    )

    test('of what was acknowledged while the engine was killed nothing is lost, and none took itself for its rival', async () => {
      const notes = await open(it.patient)
      const inserted: Note[] = []
      const changed: Note[][] = []
      const replaced: Note[] = []
      await whileKilled(it.engine, notes, () => inserted.length + changed.length + replaced.length, [
        async () => {
          const batch = Array.from({ length: 20 }, () => noteOf({}))
          expect(await notes.insert(batch)).toEqual(batch.map(() => 'inserted'))
          inserted.push(...batch)
        },
        async () => {
          const batch = Array.from({ length: 5 }, () => noteOf({}))
          expect(await notes.change(batch.map((insert) => ({ insert })))).toEqual({ applied: true })
          changed.push(batch)
        },
        async () => {
          const note = noteOf({})
          await notes.insert([note])
          expect(await notes.replace({ ...note, version: 2 }, { ifVersion: 1 })).toBe(true)
          replaced.push({ ...note, version: 2 })
        },
      ])
      expect(await missing(notes, [...inserted, ...changed.flat(), ...replaced])).toEqual([])
    })

    test('a change that was cut off by a kill is there whole or not at all', async () => {
      const notes = await open(it.patient)
      const tried: string[] = []
      await whileKilled(it.engine, notes, () => tried.length, [
        async () => {
          const owner = `batch-${tried.length}-${Math.random()}`
          tried.push(owner)
          await notes.change(Array.from({ length: 10 }, () => ({ insert: noteOf({ owner }) })))
        },
      ])
      const pages = await Promise.all(
        tried.map((owner) => notes.range({ key: 'byPath', prefix: [owner], limit: 20 })),
      )
      expect(pages.map((page) => page.items.length).filter((count) => count !== 0 && count !== 10)).toEqual(
        [],
      )
    })
  })
}

/** What every call answers or throws. */
const callAll = (notes: Collection<Note>, note: Note) =>
  Promise.allSettled<unknown>([
    notes.get(note.id),
    notes.range({ key: 'byRank', limit: 1 }),
    notes.insert([noteOf({})]),
    notes.replace({ ...note, version: 2 }, { ifVersion: 1 }),
    notes.delete([note.id]),
    notes.change([{ insert: noteOf({}) }]),
  ])

/** Each call says so in its time, which vitest's own is much longer than. */
async function expectOutOfReach(notes: Collection<Note>, note: Note): Promise<void> {
  for (const answer of await callAll(notes, note)) {
    expect(answer.status === 'rejected' && answer.reason).toBeInstanceOf(DocumentsUnavailableError)
  }
}

const kills = 3

/** Four of each writer write while the engine is killed again and again; what it says of being gone is no failure. */
async function whileKilled(
  engine: Engine,
  notes: Collection<Note>,
  written: () => number,
  writers: (() => Promise<void>)[],
): Promise<void> {
  let isOver = false
  const loops = [...writers, ...writers, ...writers, ...writers].map(async (write) => {
    while (!isOver) {
      try {
        await write()
      } catch (error) {
        if (!(error instanceof DocumentsUnavailableError)) throw error
        await backAgain(notes)
      }
    }
  })
  const writing = Promise.allSettled(loops)
  try {
    for (let kill = 0; kill < kills; kill++) {
      const before = written()
      await eventually(() => expect(written()).toBeGreaterThan(before + 20), { timeoutMs: 30_000 })
      await engine.restart()
    }
  } finally {
    isOver = true
  }
  expect((await writing).filter((loop) => loop.status === 'rejected')).toEqual([])
}

const backAgain = (notes: Collection<Note>) => eventually(() => notes.get('any'), { timeoutMs: 30_000 })

async function missing(notes: Collection<Note>, expected: Note[]): Promise<Note[]> {
  const lost: Note[] = []
  for (let from = 0; from < expected.length; from += 1_000) {
    const some = expected.slice(from, from + 1_000)
    const there = new Set(
      (await notes.getMany(some.map((note) => note.id))).map((it) => `${it.id} ${it.version}`),
    )
    lost.push(...some.filter((note) => !there.has(`${note.id} ${note.version}`)))
  }
  return lost
}
