import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type TestServices, testServices } from '../../test/services-harness.ts'

const dayMs = 86_400_000

/** What a sandbox should hold, kept beside the real one. */
interface Twin {
  id: string
  files: Record<string, string>
  checkpoints: { id: string; files: Record<string, string> }[]
}

type Step =
  | { kind: 'put'; at: number; path: string; text: string }
  | { kind: 'delete'; at: number; path: string }
  | { kind: 'checkpoint'; at: number }
  | { kind: 'restore'; at: number; which: number }
  | { kind: 'fork'; at: number }
  | { kind: 'purge'; at: number }
  | { kind: 'sweep' }

const at = fc.nat({ max: 5 })
const path = fc.constantFrom('a', 'b', 'lib/c')
// One text is small, the other goes to the object store; both recur, so that contents are shared.
const text = fc.constantFrom('one', 'two', 'x'.repeat(70_000), 'y'.repeat(70_000))
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 6, arbitrary: fc.record({ kind: fc.constant('put' as const), at, path, text }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('delete' as const), at, path }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('checkpoint' as const), at }) },
  {
    weight: 2,
    arbitrary: fc.record({ kind: fc.constant('restore' as const), at, which: fc.nat({ max: 3 }) }),
  },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('fork' as const), at }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('purge' as const), at }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('sweep' as const) }) },
)

test('whatever happens to a sandbox, its forks and its parent keep their own files', async () => {
  await using stack = new AsyncDisposableStack()
  const it = await testServices(stack)
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 25 }), async (steps) => {
      const twins: Twin[] = [{ id: (await it.create()).id, files: {}, checkpoints: [] }]
      for (const next of steps) {
        await take(it, twins, next)
        for (const twin of twins) expect(await it.contents(twin.id)).toEqual(twin.files)
      }
      for (const twin of twins) await terminate(it, twin.id)
    }),
    { numRuns: 30 },
  )
})

async function take(it: TestServices, twins: Twin[], next: Step): Promise<void> {
  if (next.kind === 'sweep') return sweep(it)
  const twin = twins[next.at % twins.length]
  if (twin === undefined) return
  if (next.kind === 'purge') return purge(it, twins, twin)
  const sandbox = await it.sandboxes.require(twin.id)
  switch (next.kind) {
    case 'put':
      await it.put(twin.id, next.path, next.text)
      twin.files = { ...twin.files, [next.path]: next.text }
      return
    case 'delete': {
      if (!(next.path in twin.files)) return
      await it.files.edit(
        sandbox,
        it.owner.userId,
        [{ kind: 'delete', path: next.path, expected: 'any' }],
        it.transact,
      )
      const { [next.path]: _, ...rest } = twin.files
      twin.files = rest
      return
    }
    case 'checkpoint': {
      const { checkpoint } = await it.checkpoints.make(twin.id, it.owner, {}, it.transact)
      twin.checkpoints.push({ id: checkpoint.id, files: twin.files })
      return
    }
    case 'restore': {
      const chosen = twin.checkpoints[next.which]
      if (chosen === undefined) return
      await it.restores.restore(sandbox, it.owner, chosen.id, it.transact)
      twin.files = chosen.files
      return
    }
    case 'fork': {
      const fork = await it.forks.fork(sandbox, it.owner, {}, it.transact)
      twins.push({ id: fork.id, files: twin.files, checkpoints: [] })
    }
  }
}

async function terminate(it: TestServices, id: string): Promise<void> {
  const { version, ownerId } = await it.sandboxes.require(id)
  await it.sandboxes.terminate(id, ownerId, version, it.owner)
}

/** Deleted and past its recovery; the others live on. */
async function purge(it: TestServices, twins: Twin[], twin: Twin): Promise<void> {
  if (twins.length === 1) return
  await terminate(it, twin.id)
  it.clock.pass(31 * dayMs)
  await it.expiry.purgeLost()
  twins.splice(twins.indexOf(twin), 1)
}

async function sweep(it: TestServices): Promise<void> {
  it.clock.pass(2 * dayMs)
  await it.sweeper.sweep()
}
