import { personIdSql } from '../fleet/people.ts'

/** What sandbox sends first when it is asked to create one: was this request answered before? */
export const findAnswerSql = `select fingerprint, status, headers, body from http.idempotency_keys
  where scope = $1 and key = $2`

/** And then: the answer under its key, the owner's place, the sandbox and its event, all or nothing. */
export const createSandboxSql = `
  with key as (
    insert into http.idempotency_keys (scope, key, fingerprint, status, headers, body)
    select $1::text, $2::text, $3::bytea, $4::smallint, $5::jsonb, $6::jsonb on conflict do nothing returning 1
  ), place as (
    insert into account_refs (id, role, status, active_sandboxes)
    select $7::uuid, $8, 'active', 1 where $9::integer > 0 and exists (select from key)
    on conflict (id) do update set active_sandboxes = account_refs.active_sandboxes + 1
      where account_refs.status = 'active' and account_refs.active_sandboxes < $9
    returning id
  ), created as (
    insert into sandboxes (id, user_id, name, description, type, status, resource_limits, configuration, metadata,
      forked_from_id, forked_from_version, created_at, updated_at, expires_at)
    select $10::uuid, place.id, $11, $12, $13, $14, $15::jsonb, $16::jsonb, $17::jsonb, $18::uuid, $19::integer,
      $20::timestamptz, $21::timestamptz, $22::timestamptz
    from key left join place on true returning id
  ), announced as (
    insert into messaging.outbox (id, aggregate_type, aggregate_id, aggregate_version, type, data, context)
    select $23::uuid, $24::text, $25::text, $26::integer, $27::text, $28::jsonb, $29::jsonb from created
  )
  select id from created`

const limits = { maxMemoryBytes: 268_435_456, maxProcesses: 5_000, maxExecutionSeconds: 300 }

interface Creation {
  id: string
  ownerId: string
  name: string
  now: Date
  expiresAt: Date
}

/** What the caller is answered. */
export const sandboxBody = ({ id, ownerId, name, now, expiresAt }: Creation) => ({
  id,
  ownerId,
  name,
  type: 'exercise',
  status: 'active',
  resourceLimits: limits,
  configuration: {},
  metadata: {},
  fileCount: 0,
  totalBytes: 0,
  version: 1,
  createdAt: now.toISOString(),
  updatedAt: now.toISOString(),
  expiresAt: expiresAt.toISOString(),
})

/** What consumers are told. */
export const sandboxEvent = ({ id, ownerId, name, expiresAt }: Creation) => ({
  sandbox: {
    sandboxId: id,
    ownerId,
    name,
    type: 'SANDBOX_TYPE_EXERCISE',
    status: 'SANDBOX_STATUS_ACTIVE',
    limits: { ...limits, maxMemoryBytes: String(limits.maxMemoryBytes) },
    expiresAt: expiresAt.toISOString(),
  },
})

/** What the service writes beside each event about where it came from. */
export const eventOrigin = (ownerId: string, requestId: string, traceId: string) => ({
  traceparent: `00-${traceId}-${traceId.slice(16)}-01`,
  correlationid: requestId,
  actor: `user:${ownerId}`,
  subjects: [ownerId],
})

const quoted = (value: object): string => `'${JSON.stringify(value)}'`

/** Both statements for person `:n`, with new ids and otherwise the same values every time. */
export function creationStatements(): string[] {
  const ownerId = '00000000-0000-7000-8000-000000000001'
  const id = '01a2127d-efd8-71b4-a310-f8cf97fa5bca'
  const now = new Date()
  const creation = { id, ownerId, name: 'Counter', now, expiresAt: new Date(now.getTime() + 86_400_000) }
  const scope = `'createSandbox ' || ${personIdSql}`
  const time = (at: Date) => `'${at.toISOString()}'`
  const newUuid = 'gen_random_uuid()'
  const key = [`${newUuid}::text`, "decode(repeat('ab', 32), 'hex')", '201']
  const headers = quoted({ location: `/v1/sandboxes/${id}`, etag: '"1"' })
  const place = [personIdSql, "'student'", '100000']
  const texts = [`'${creation.name}'`, 'null', "'exercise'", "'active'", quoted(limits), "'{}'", "'{}'"]
  const times = [time(now), time(now), time(creation.expiresAt)]
  const event = [newUuid, "'sandbox'", `'${id}'`, '1', "'sandbox.sandbox.created.v1'"]
  const told = [quoted(sandboxEvent(creation)), quoted(eventOrigin(ownerId, id, 'ab'.repeat(16)))]
  const values = [scope, ...key, headers, quoted(sandboxBody(creation)), ...place, newUuid, ...texts]
  return [
    inline(findAnswerSql, [scope, `${newUuid}::text`]),
    inline(createSandboxSql, [...values, 'null', 'null', ...times, ...event, ...told]),
  ]
}

const inline = (text: string, values: string[]): string =>
  text.replaceAll(/\$(\d+)/g, (_, number: string) => `(${values[Number(number) - 1]})`)
