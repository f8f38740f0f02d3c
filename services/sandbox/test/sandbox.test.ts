import { newId } from '@sandkeep/postgres'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Person, startSandbox, type TestSandbox } from './sandbox-harness.ts'

const stack = new AsyncDisposableStack()
let it: TestSandbox
let owner: Person
let admin: Person
beforeAll(async () => {
  it = await startSandbox(stack, { SANDBOX_PLACES_STUDENT: '60' })
  owner = await it.person()
  admin = await it.person('admin')
})
afterAll(() => stack.disposeAsync())

const wanted = { name: 'Pipelines', type: 'exercise' }
const post = (as: Person, body: unknown, key = newId()) =>
  it.call({ method: 'POST', url: '/v1/sandboxes', as, body, key })

describe('a new sandbox', () => {
  test('is answered whole, with the defaults of its type, a day to live and the place to find it', async () => {
    const made = await post(owner, wanted)
    expect(made.status, made.text).toBe(201)
    expect(made.body).toMatchObject({
      ...wanted,
      ownerId: owner.id,
      status: 'active',
      version: 1,
      resourceLimits: { maxMemoryBytes: 268_435_456, maxProcesses: 5_000, maxExecutionSeconds: 300 },
      expiresAt: new Date(it.clock.now().getTime() + 86_400_000).toISOString(),
    })
    expect(made.headers).toMatchObject({ location: `/v1/sandboxes/${made.body['id']}`, etag: '"1"' })
    const found = await it.call({ url: String(made.headers['location']), as: owner })
    expect(found.body).toMatchObject({ id: made.body['id'], name: 'Pipelines' })
    expect(found.headers['etag']).toBe('"1"')
  })

  test('is announced once, as it is', async () => {
    const { id } = await it.create(owner)
    expect(await it.announced(id)).toMatchObject([
      {
        type: 'sandbox.sandbox.created.v1',
        version: 1,
        data: { sandbox: { sandboxId: id, ownerId: owner.id, status: 'SANDBOX_STATUS_ACTIVE' } },
      },
    ])
  })

  test('is made once for an Idempotency-Key, however often and however much at once it is asked for', async () => {
    const person = await it.person()
    const key = newId()
    const answers = await Promise.all(Array.from({ length: 8 }, () => post(person, wanted, key)))
    for (const answer of answers) expect(answer.status, answer.text).toBe(201)
    expect(new Set(answers.map((answer) => answer.text)).size).toBe(1)
    const { body } = await it.call({ url: '/v1/sandboxes', as: person })
    expect(body['items']).toHaveLength(1)
    const other = await post(person, { ...wanted, name: 'Other' }, key)
    expect(other.problem).toMatchObject({ status: 422, code: 'idempotency_key_reused' })
  })

  test('needs an Idempotency-Key', async () => {
    const headers = { 'idempotency-key': '' }
    const { problem } = await it.call({
      method: 'POST',
      url: '/v1/sandboxes',
      as: owner,
      body: wanted,
      headers,
    })
    expect(problem).toMatchObject({ status: 400, errors: [{ pointer: '/headers/idempotency-key' }] })
  })

  test('may not ask for more than the role may have', async () => {
    const resourceLimits = {
      maxMemoryBytes: 2 * 1024 ** 3,
      maxProcesses: 1_000_000,
      maxExecutionSeconds: 60,
    }
    const { problem } = await post(owner, { ...wanted, resourceLimits })
    expect(problem).toMatchObject({
      status: 422,
      code: 'limit_above_ceiling',
      errors: [{ pointer: '/resourceLimits/maxMemoryBytes' }, { pointer: '/resourceLimits/maxProcesses' }],
    })
    expect((await post(admin, { ...wanted, resourceLimits })).status).toBe(201)
  })

  test('has all three limits or none', async () => {
    const { problem } = await post(owner, { ...wanted, resourceLimits: { maxProcesses: 100 } })
    expect(problem).toMatchObject({
      status: 400,
      errors: [
        { pointer: '/resourceLimits/maxMemoryBytes', code: 'required' },
        { pointer: '/resourceLimits/maxExecutionSeconds', code: 'required' },
      ],
    })
  })

  test.each([
    ['passed', -60_000],
    ['too near', 60_000],
    ['too far', 15 * 86_400_000],
  ])('does not expire at a time that is %s', async (_, ahead) => {
    const expiresAt = new Date(it.clock.now().getTime() + ahead).toISOString()
    const { problem } = await post(owner, { ...wanted, expiresAt })
    expect(problem).toMatchObject({
      status: 422,
      code: 'expiry_out_of_bounds',
      errors: [{ pointer: '/expiresAt' }],
    })
  })

  test('takes a place, of which each role has so many; a refusal leaves no trace', async () => {
    const person = await it.person()
    const keys = Array.from({ length: 64 }, () => newId())
    const answers = await Promise.all(keys.map((key) => post(person, wanted, key)))
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(60)
    const refused = answers.findIndex(({ status }) => status !== 201)
    expect(answers[refused]?.problem).toMatchObject({ status: 409, code: 'sandbox_limit_reached' })

    const [first] = answers.filter(({ status }) => status === 201)
    await it.call({
      method: 'POST',
      url: `${first?.headers['location']}/suspend`,
      as: person,
    })
    expect((await post(person, wanted, keys[refused])).status).toBe(201)
  })
})

describe('for somebody else', () => {
  test('a sandbox is made by an administrator only', async () => {
    const { problem } = await post(owner, { ...wanted, ownerId: admin.id })
    expect(problem).toMatchObject({
      status: 403,
      code: 'field_not_allowed',
      errors: [{ pointer: '/ownerId' }],
    })
  })

  test('who is not known here yet, identity is asked, once', async () => {
    const id = newId()
    it.identity.accounts.set(id, { id, username: 'joe', role: 'student', status: 'active', version: 3 })
    for (let n = 0; n < 2; n += 1)
      expect((await post(admin, { ...wanted, ownerId: id })).body).toMatchObject({ ownerId: id })
    expect(it.identity.asked.filter((path) => path.endsWith(id))).toHaveLength(1)
  })

  test('who does not exist, it is refused', async () => {
    const { problem } = await post(admin, { ...wanted, ownerId: newId() })
    expect(problem).toMatchObject({
      status: 422,
      code: 'unknown_reference',
      errors: [{ pointer: '/ownerId' }],
    })
  })

  test('whose account is suspended, it is refused', async () => {
    const id = newId()
    it.identity.accounts.set(id, { id, username: 'ann', role: 'student', status: 'suspended', version: 1 })
    expect((await post(admin, { ...wanted, ownerId: id })).problem).toMatchObject({
      status: 403,
      code: 'owner_not_active',
    })
  })
})

describe('the list', () => {
  let person: Person
  const ids: string[] = []
  beforeAll(async () => {
    person = await it.person()
    for (const type of ['development', 'tutorial', 'exercise', 'exercise', 'exercise']) {
      it.clock.pass(1)
      ids.unshift((await it.create(person, { type })).id)
    }
    await it.call({ method: 'DELETE', url: `/v1/sandboxes/${ids[4]}`, as: person, version: 1 })
    await it.call({ method: 'POST', url: `/v1/sandboxes/${ids[3]}/suspend`, as: person })
  })
  const list = async (query: string, as = person) => {
    const { status, text, body } = await it.call({ url: `/v1/sandboxes?${query}`, as })
    expect(status, text).toBe(200)
    const { items, nextCursor } = body as { items: { id: string }[]; nextCursor?: string }
    return { ids: items.map((item) => item.id), nextCursor }
  }

  test('has one’s own sandboxes, newest first, without deleted ones', async () => {
    expect(await list('')).toEqual({ ids: ids.slice(0, 4) })
  })

  test.each([
    ['status=terminated', [4]],
    ['status=suspended', [3]],
    ['type=exercise', [0, 1, 2]],
    ['type=exercise&status=suspended', []],
  ])('has with %s what is asked for', async (query, expected) => {
    expect((await list(query)).ids).toEqual(expected.map((n) => ids[n]))
  })

  test('comes in pages, each sandbox once, also while new ones are made', async () => {
    const first = await list('limit=2')
    await it.create(person)
    const second = await list(`limit=2&cursor=${first.nextCursor}`)
    expect([...first.ids, ...second.ids]).toEqual(ids.slice(0, 4))
    expect(second.nextCursor).toBeUndefined()
  })

  test('of an administrator is everybody’s, unless one’s own is asked for', async () => {
    const own = await it.create(admin)
    const everybodys = await list('', admin)
    expect(everybodys.ids).toEqual(expect.arrayContaining([own.id, ids[0]]))
    const owns = await list('ownerId=me', admin)
    expect(owns.ids).toContain(own.id)
    expect(owns.ids).not.toContain(ids[0])
    expect((await list('ownerId=me')).ids).toContain(ids[0])
  })

  test('of somebody else is for administrators', async () => {
    expect((await list(`ownerId=${person.id}&type=exercise`, admin)).ids).toEqual(ids.slice(0, 3))
    const { problem } = await it.call({ url: `/v1/sandboxes?ownerId=${admin.id}`, as: person })
    expect(problem).toMatchObject({ status: 403, errors: [{ pointer: '/query/ownerId' }] })
  })

  test.each(['limit=0', 'limit=101', 'cursor=x', 'status=gone', 'type=1', 'ownerId=you', 'sort=name'])(
    'refuses %s',
    async (query) => {
      const { problem } = await it.call({ url: `/v1/sandboxes?${query}`, as: person })
      expect(problem).toMatchObject({
        status: 400,
        errors: [{ pointer: `/query/${query.split('=')[0]}` }],
      })
    },
  )
})

describe('an edit', () => {
  const edit = (id: string, version: number | undefined, body: unknown, as = owner) =>
    it.call({ method: 'PATCH', url: `/v1/sandboxes/${id}`, as, version, body })

  test('changes what it names, moves the version and is announced', async () => {
    const { id } = await it.create(owner, { description: 'Before', metadata: { a: 1 } })
    const edited = await edit(id, 1, { name: ' Trees ', description: null })
    expect(edited.status, edited.text).toBe(200)
    expect(edited.body).toMatchObject({ name: 'Trees', version: 2, metadata: { a: 1 } })
    expect(edited.body).not.toHaveProperty('description')
    expect(edited.headers['etag']).toBe('"2"')
    expect((await it.announced(id)).at(-1)).toMatchObject({
      type: 'sandbox.sandbox.updated.v1',
      version: 2,
      data: { sandbox: { name: 'Trees' } },
    })
  })

  test('of a version that is not the current one is refused with 412, without one with 428', async () => {
    const { id } = await it.create(owner)
    expect((await edit(id, 7, { name: 'A' })).problem).toMatchObject({ status: 412, code: 'stale_version' })
    expect((await edit(id, undefined, { name: 'A' })).problem).toMatchObject({ status: 428 })
    expect(await it.read(owner, id)).toMatchObject({ name: 'Pipelines', version: 1 })
  })

  test('of two at once succeeds once', async () => {
    const { id } = await it.create(owner)
    const answers = await Promise.all(['A', 'B', 'C'].map((name) => edit(id, 1, { name })))
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 412, 412])
  })

  test('of the node is for administrators', async () => {
    const { id } = await it.create(owner)
    expect((await edit(id, 1, { nodeName: 'n1' })).problem).toMatchObject({
      status: 403,
      errors: [{ pointer: '/nodeName' }],
    })
    expect((await edit(id, 1, { nodeName: 'n1' }, admin)).body).toMatchObject({ nodeName: 'n1' })
  })
})
