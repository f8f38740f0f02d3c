import { expect, test } from 'vitest'
import {
  ContractError,
  enumFromText,
  enumToText,
  LoginFailure,
  LoginFailureSchema,
  UserRole,
  UserRoleSchema,
} from './index.ts'

test('an enum value and the text of HTTP and SQL become each other', () => {
  expect(enumToText(UserRoleSchema, UserRole.ADMIN)).toBe('admin')
  expect(enumToText(LoginFailureSchema, LoginFailure.WRONG_PASSWORD)).toBe('wrong-password')
  expect(enumFromText(LoginFailureSchema, 'wrong-password')).toBe(LoginFailure.WRONG_PASSWORD)
})

test('the zero value has no text, and no text makes it', () => {
  expect(enumToText(UserRoleSchema, UserRole.UNSPECIFIED)).toBeNull()
  expect(() => enumFromText(UserRoleSchema, 'unspecified')).toThrow(ContractError)
  expect(() => enumFromText(UserRoleSchema, 'ADMIN')).toThrow(/identity\.v1\.UserRole has no value "ADMIN"/)
})
