import { describe, expect, test } from 'vitest'
import { ContractError, defineEvent, parseEventType } from './event-contract.ts'
import { ResourceLimitsSchema } from './generated/sandbox/v1/events_pb.ts'
import {
  fileChanged,
  SandboxStatus,
  SandboxType,
  sandboxCheckpointed,
  timestampFromDate,
  UserRole,
  UserStatus,
  userRegistered,
  userRoleChanged,
} from './index.ts'

const userId = '0199f6a2-4c1b-7d35-9e0a-1f2b3c4d5e6f'
const account = {
  userId,
  username: 'ada',
  role: UserRole.STUDENT,
  status: UserStatus.ACTIVE,
  emailVerified: false,
}

describe('writing', () => {
  test('fields are present also when they hold the zero value', () => {
    expect(userRegistered.toJson(account)).toEqual({
      userId,
      username: 'ada',
      role: 'USER_ROLE_STUDENT',
      status: 'USER_STATUS_ACTIVE',
      emailVerified: false,
    })
  })

  test('int64 is a string and survives beyond the safe integers', () => {
    const data = { sandboxId: 's', ownerId: userId, path: 'a', version: 1, sizeBytes: 2n ** 60n, sha256: '' }
    expect(fileChanged.toJson(data)).toMatchObject({ sizeBytes: '1152921504606846976' })
    expect(fileChanged.fromJson(fileChanged.toJson(data)).sizeBytes).toBe(2n ** 60n)
  })

  test('data of the wrong type is refused by the name of its field', () => {
    const wrong = { ...account, username: Number('7') }
    expect(() => userRegistered.toJson(Object.assign({ ...account }, wrong))).toThrow(
      /identity\.user\.registered\.v1.*username/,
    )
  })
})

describe('reading', () => {
  const written = { ...account, role: 'USER_ROLE_STUDENT', status: 'USER_STATUS_ACTIVE' }

  test('fields that a newer version added are ignored', () => {
    expect(userRegistered.fromJson({ ...written, favouriteColour: 'green' }).username).toBe('ada')
  })

  test('an enum name that a newer version added becomes the zero value', () => {
    expect(userRegistered.fromJson({ ...written, role: 'USER_ROLE_LIBRARIAN' }).role).toBe(
      UserRole.UNSPECIFIED,
    )
  })

  test('fields that an older version did not have hold their zero value', () => {
    const older = { userId, username: 'ada', role: 'USER_ROLE_ADMIN' }
    expect(userRoleChanged.fromJson(older)).toMatchObject({
      role: UserRole.ADMIN,
      previousRole: 0,
      emailVerified: false,
    })
  })

  test.each([
    [null, /identity\.user\.registered\.v1/],
    [[], /identity\.user\.registered\.v1/],
    [{ ...written, emailVerified: 'yes' }, /email_?[vV]erified/],
    [{ ...written, userId: { $ne: null } }, /user_?[iI]d/],
  ])('%j is refused', (json, message) => {
    expect(() => userRegistered.fromJson(json)).toThrow(ContractError)
    expect(() => userRegistered.fromJson(json)).toThrow(message)
  })
})

describe('subjects', () => {
  test('are found at any depth, each once', () => {
    const sandbox = {
      sandboxId: 's',
      ownerId: userId,
      name: 'n',
      type: SandboxType.EXERCISE,
      status: SandboxStatus.ACTIVE,
      limits: undefined,
      expiresAt: timestampFromDate(new Date(0)),
      statusReason: undefined,
      nodeName: undefined,
    }
    const data = { sandbox, checkpointId: 'c', checkpointVersion: 1, createdById: userId }
    expect(sandboxCheckpointed.subjects(data)).toEqual([userId])
    expect(sandboxCheckpointed.subjects({ ...data, createdById: 'somebody-else' })).toEqual([
      userId,
      'somebody-else',
    ])
    expect(sandboxCheckpointed.subjects({ ...data, createdById: undefined })).toEqual([userId])
  })
})

describe('types', () => {
  test('say who owns them and what they are about', () => {
    expect(parseEventType('sandbox.file.changed.v12')).toEqual({ owner: 'sandbox', aggregate: 'file' })
  })

  test.each([
    '',
    'sandbox',
    'sandbox.file.changed',
    'sandbox.file.changed.v0',
    'Sandbox.file.changed.v1',
    'a.b.c.v1\n',
  ])('%j is refused', (type) => {
    expect(() => parseEventType(type)).toThrow(ContractError)
  })

  test('a message that is no event cannot be announced', () => {
    expect(() => defineEvent(ResourceLimitsSchema)).toThrow(/no option "event"/)
  })
})
