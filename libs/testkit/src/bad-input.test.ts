import { expect, test } from 'vitest'
import { faultsOfRefusal } from './bad-input.ts'

const good = {
  status: 400,
  contentType: 'application/problem+json; charset=utf-8',
  text: '{"status":400,"code":"validation_failed"}',
}

test('a problem of the right status is a refusal', () => {
  expect(faultsOfRefusal(good)).toEqual([])
})

test.each([
  ['an answer that agrees', { status: 200, text: '{"status":200,"code":"fine"}' }],
  ['an answer that broke', { status: 500, text: '{"status":500,"code":"internal"}' }],
  ['another type', { contentType: 'text/html' }],
  ['another status than it says', { text: '{"status":422,"code":"validation_failed"}' }],
  ['no code', { text: '{"status":400}' }],
  ['a stack', { text: '{"status":400,"code":"x","detail":"at handle (app.ts:3)"}' }],
  ['a statement', { text: '{"status":400,"code":"x","detail":"select 1"}' }],
])('%s is a fault', (_, wrong) => {
  expect(faultsOfRefusal({ ...good, ...wrong })).toHaveLength(1)
})
