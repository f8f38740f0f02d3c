import {
  enumFromText,
  UserRoleSchema,
  UserStatusSchema,
  userRegistered,
  userRoleChanged,
  userStatusChanged,
} from '@sandkeep/contracts'
import { outbox } from '@sandkeep/messaging'
import { newId, sql } from '@sandkeep/postgres'
import { eventually } from '@sandkeep/testkit'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Account } from '../src/account-reference/account.ts'
import type { SandboxView } from '../src/sandbox/sandbox-view.ts'
import { type Person, startSandbox, type TestSandbox } from './sandbox-harness.ts'

const stack = new AsyncDisposableStack()
let it: TestSandbox
let admin: Person
beforeAll(async () => {
  it = await startSandbox(stack)
  admin = await it.person('admin')
})
afterAll(() => stack.disposeAsync())

const accountOf = (person: Person, change: Partial<KnownAccount> = {}): KnownAccount => ({
  id: person.id,
  username: `u${person.id.slice(-8)}`,
  role: person.role,
  status: 'active',
  version: 1,
  ...change,
})

type KnownAccount = Account & { username: string }

/** Announces on the bus, as identity would. */
const announce = (account: KnownAccount) => {
  const state = {
    userId: account.id,
    username: account.username,
    role: enumFromText(UserRoleSchema, account.role),
    status: enumFromText(UserStatusSchema, account.status),
    emailVerified: true,
  }
  const about = { aggregateId: account.id, aggregateVersion: account.version }
  return it.db.transaction((tx) =>
    account.version === 1
      ? outbox.add(tx, userRegistered, { ...about, data: state })
      : outbox.add(tx, userStatusChanged, { ...about, data: { ...state, previousStatus: state.status } }),
  )
}

const known = (id: string) =>
  it.db.one<Account>(sql`select username, role, status, version from account_refs where id = ${id}`)
const untilKnown = (id: string, version: number) =>
  eventually(async () => expect(await known(id)).toMatchObject({ version }))
const suspend = (id: string) => it.call({ method: 'POST', url: `/v1/sandboxes/${id}/suspend`, as: admin })
const resume = (id: string, as: Person) => it.call({ method: 'POST', url: `/v1/sandboxes/${id}/resume`, as })

describe('what identity announces', () => {
  test('of a new account is known here', async () => {
    const person = await it.person('instructor')
    await announce(accountOf(person))
    await untilKnown(person.id, 1)
    expect(await known(person.id)).toMatchObject({ role: 'instructor', status: 'active' })
  })

  test('suspends the sandboxes of a suspended account, which its owner resumes when it is active again', async () => {
    const person = await it.person()
    const [one, other, stopped] = [
      await it.create(person),
      await it.create(person),
      await it.create(person),
    ].map((made) => made.id)
    await suspend(stopped ?? '')
    await announce(accountOf(person, { status: 'suspended', version: 2 }))
    await untilKnown(person.id, 2)
    for (const id of [one ?? '', other ?? ''])
      expect(await it.read(person, id)).toMatchObject({ status: 'suspended', statusReason: 'account' })
    expect(await it.read(person, stopped ?? '')).toMatchObject({ statusReason: 'admin' })
    expect((await it.announced(one ?? '')).at(-1)).toMatchObject({ type: 'sandbox.sandbox.suspended.v1' })
    expect((await resume(one ?? '', person)).problem).toMatchObject({ code: 'owner_not_active' })
    const wanted = { name: 'New', type: 'exercise' }
    const made = await it.call({ method: 'POST', url: '/v1/sandboxes', as: person, body: wanted })
    expect(made.problem).toMatchObject({ status: 403, code: 'owner_not_active' })

    await announce(accountOf(person, { version: 3 }))
    await untilKnown(person.id, 3)
    expect(await it.read(person, one ?? '')).toMatchObject({ status: 'suspended' })
    expect((await resume(one ?? '', person)).body).toMatchObject({ status: 'active' })
  })

  test('out of order or twice changes nothing after the newest', async () => {
    const person = await it.person()
    const { id } = await it.create(person)
    await announce(accountOf(person, { version: 7, username: 'newest' }))
    await untilKnown(person.id, 7)
    await announce(accountOf(person, { status: 'suspended', version: 6 }))
    await announce(accountOf(person, { version: 7, status: 'suspended' }))
    await announce(accountOf(person, { version: 8, username: 'later' }))
    await untilKnown(person.id, 8)
    expect(await known(person.id)).toMatchObject({ status: 'active', username: 'later' })
    expect(await it.read(person, id)).toMatchObject({ status: 'active', version: 1 })
  })

  test('decides how many places a person has', async () => {
    const person = await it.person('instructor')
    const state = {
      userId: person.id,
      username: 'demoted',
      role: enumFromText(UserRoleSchema, 'student'),
      status: enumFromText(UserStatusSchema, 'active'),
      emailVerified: true,
    }
    await it.db.transaction((tx) =>
      outbox.add(tx, userRoleChanged, {
        aggregateId: person.id,
        aggregateVersion: 2,
        data: { ...state, previousRole: enumFromText(UserRoleSchema, 'instructor') },
      }),
    )
    await untilKnown(person.id, 2)
    expect(await known(person.id)).toMatchObject({ role: 'student' })
  })
})

describe('what lives on when an account is deleted', () => {
  const holdings = async (id: string) =>
    it.call({ url: `/internal/v1/users/${id}/holdings`, headers: await it.asService() })

  test('is every sandbox that is not deleted, with some names', async () => {
    const person = await it.person()
    expect((await holdings(person.id)).body).toEqual({ items: [] })
    const made = []
    for (let n = 1; n <= 7; n += 1) {
      it.clock.pass(1)
      made.push(await it.create(person, { name: `Sandbox ${n}` }))
    }
    await suspend(made[0]?.id ?? '')
    await it.call({ method: 'DELETE', url: `/v1/sandboxes/${made[6]?.id}`, as: person, version: 1 })
    expect((await holdings(person.id)).body).toEqual({
      items: [
        {
          kind: 'sandboxes',
          count: 6,
          sample: ['Sandbox 6', 'Sandbox 5', 'Sandbox 4', 'Sandbox 3', 'Sandbox 2'],
        },
      ],
    })
  })

  test('is told to services only', async () => {
    const url = `/internal/v1/users/${admin.id}/holdings`
    expect((await it.call({ url, as: admin })).status).toBe(401)
    expect(
      (await it.call({ url: '/internal/v1/users/me/holdings', headers: await it.asService() })).status,
    ).toBe(400)
  })
})

describe('once a day', () => {
  test('what events did not bring is set right, and nothing dangles', async () => {
    const [missed, changed, gone, fresh] = [
      await it.person(),
      await it.person(),
      await it.person(),
      await it.person(),
    ]
    for (const person of [changed, gone, fresh]) {
      const { id } = await it.create(person)
      await it.put(person, id, 'a', 'text')
    }
    const shared = await it.create(changed)
    await it.put(admin, shared.id, 'by-admin', 'text')
    for (const account of [
      accountOf(missed, { version: 4 }),
      accountOf(changed, { status: 'suspended', version: 5 }),
      accountOf(fresh, { version: 1 }),
      accountOf(admin),
    ])
      it.identity.accounts.set(account.id, account)
    const report = await it.reconcile()
    expect(report.dangling).toEqual([])
    expect(await known(missed.id)).toMatchObject({ version: 4 })
    expect(await known(admin.id)).toMatchObject({ version: 1 })
    expect(await known(gone.id)).toMatchObject({ status: 'inactive', username: null })
    for (const person of [changed, gone]) {
      const { body } = await it.call({ url: '/v1/sandboxes?status=suspended', as: person })
      const reasons = (body['items'] as SandboxView[]).map((found) => found.statusReason)
      expect(reasons).toEqual(person === gone ? ['account'] : ['account', 'account'])
    }
    const { body } = await it.call({ url: '/v1/sandboxes', as: fresh })
    expect(body['items']).toMatchObject([{ status: 'active' }])
    expect(await it.reconcile()).toMatchObject({ repaired: 0, dangling: [] })
  })

  test('a reference to nobody is reported', async () => {
    const { id } = await it.create(admin)
    const nobody = newId()
    await it.put(admin, id, 'a', 'text')
    await it.db.run(sql`update file_versions set created_by = ${nobody} where sandbox_id = ${id}`)
    expect((await it.reconcile()).dangling).toEqual([nobody])
  })
})
