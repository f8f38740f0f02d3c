import { describe, expect, test } from 'vitest'
import { pathProblem } from './request-path.ts'

describe('pathProblem', () => {
  test.each([
    '/',
    '/v1/users',
    '/v1/sandboxes/018f/files/src/counter.erl',
    '/v1/sandboxes/018f/files/.formatter.exs',
    '/v1/sandboxes/018f/files/..hidden',
    '/v1/sandboxes/018f/files/a%20name%20%C3%A9.txt?version=2',
    '/v1/users?q=%2F..%2F',
    '/.well-known/jwks.json',
  ])('lets %s through', (target) => {
    expect(pathProblem(target)).toBeNull()
  })

  test.each([
    '/v1/users/../../internal/v1/revocations',
    '/v1/users/..',
    '/v1/./users',
    '/v1/users/%2e%2e/x',
    '/v1/users/.%2E/x',
    '//internal/v1/revocations',
    '/v1//users',
    '/v1/users%2f..%2finternal',
    '/v1/users%5c..%5cinternal',
    '/v1/users\\..\\internal',
    '/v1/users/%00',
    '/v1/users/%0d%0aHost:x',
    '/v1/users/%zz',
    '/v1/users/é',
    'http://internal/v1/users',
    '*',
  ])('refuses %s', (target) => {
    expect(pathProblem(target)).toMatch(/path/)
  })

  test.each(['/v1/files/src%2Fcounter.erl', '/v1/files/src%2fa%2fb'])(
    'lets %s through where the rest is a path of its own, and nowhere else',
    (target) => {
      expect(pathProblem(target, { encodedSlashes: true })).toBeNull()
      expect(pathProblem(target)).toMatch(/encoded slash/)
    },
  )

  test.each(['/v1/files/..%2F..%2Finternal', '/v1/files/a%2F%2Fb', '/v1/files/%2Fetc', '/v1/files/a%2F.'])(
    'takes an encoded slash for a slash: refuses %s',
    (target) => {
      expect(pathProblem(target, { encodedSlashes: true })).toMatch(/segment/)
    },
  )
})
