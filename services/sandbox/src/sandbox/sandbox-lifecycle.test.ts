import { describe, expect, test } from 'vitest'
import { decideLimits, defaultLimits, limitCeilings } from './resource-limits.ts'
import { type Actor, type Sandbox, type SandboxStatus, sandboxStatuses } from './sandbox.ts'
import { sandboxAt } from './sandbox-fixture.ts'
import { type Command, expire, resume, suspend, terminate, transitions } from './sandbox-lifecycle.ts'

const now = new Date('2026-11-24T12:00:00.000Z')
const days = (count: number) => new Date(now.getTime() + count * 86_400_000)
const owner: Actor = { userId: sandboxAt(now).ownerId, role: 'student' }
const admin: Actor = { userId: '0199aaaa-0000-7000-8000-00000000000a', role: 'admin' }

const commands: Record<Command, (sandbox: Sandbox) => Sandbox> = {
  suspend: (sandbox) => suspend(sandbox, 'owner'),
  resume: (sandbox) => resume(sandbox, owner, now),
  expire: (sandbox) => expire(sandbox, now),
  terminate: (sandbox) => terminate(sandbox, owner, now),
}

function inState(status: SandboxStatus): Sandbox {
  return sandboxAt(now, { status, ...(status === 'active' ? {} : { statusReason: 'owner' }) })
}

describe.each(Object.keys(transitions) as Command[])('%s', (command) => {
  test.each(sandboxStatuses)('of a sandbox that is %s', (status) => {
    const { from, to } = transitions[command]
    if (from.includes(status)) expect(commands[command](inState(status)).status).toBe(to)
    else
      expect(() => commands[command](inState(status))).toThrow(
        expect.objectContaining({ code: `sandbox_${status}` }),
      )
  })
})

describe('recovering', () => {
  const expired = expire(sandboxAt(now, { expiresAt: now }), now)

  test('works within 30 days and gives a fresh day', () => {
    const back = resume(expired, owner, days(29))
    expect(back).toMatchObject({
      status: 'active',
      statusReason: null,
      recoverableUntil: null,
      expiryWarningMinutes: null,
      expiresAt: days(30),
    })
  })
  test('is refused after 30 days', () => {
    expect(() => resume(expired, owner, days(30))).toThrow(
      expect.objectContaining({ code: 'sandbox_not_recoverable' }),
    )
  })
})

describe('what an admin stopped', () => {
  const stopped = suspend(sandboxAt(now), 'admin')
  const refused = expect.objectContaining({ code: 'sandbox_stopped_by_admin' })

  test('only an admin resumes', () => {
    expect(() => resume(stopped, owner, now)).toThrow(refused)
    expect(resume(stopped, admin, now).status).toBe('active')
  })
  test('its owner cannot free by deleting and recovering it', () => {
    expect(() => resume(terminate(stopped, owner, now), owner, now)).toThrow(refused)
  })
})

test('a resumed sandbox keeps an expiry that has not passed', () => {
  expect(resume(suspend(sandboxAt(now), 'owner'), owner, now).expiresAt).toEqual(days(1))
})

describe('resource limits', () => {
  test('are the defaults of the type where none are given', () => {
    expect(decideLimits('tutorial', 'student')).toEqual(defaultLimits.tutorial)
  })
  test.each(['student', 'instructor', 'admin'] as const)(
    'of a %s go up to the ceiling of the role',
    (role) => {
      const ceiling = limitCeilings[role]
      expect(decideLimits('development', role, ceiling)).toEqual(ceiling)
      const above = { ...ceiling, maxProcesses: ceiling.maxProcesses + 1 }
      expect(() => decideLimits('development', role, above)).toThrow(
        expect.objectContaining({
          code: 'limit_above_ceiling',
          errors: [expect.objectContaining({ pointer: '/resourceLimits/maxProcesses' })],
        }),
      )
    },
  )
})
