import { expect, test } from 'vitest'
import { parseEnvelope } from './envelope.ts'
import { ContractError } from './event-contract.ts'

const envelope = {
  specversion: '1.0',
  id: '0199f6a6-0001-7000-8000-000000000001',
  source: '/sandkeep/identity',
  type: 'identity.user.registered.v1',
  subject: '0199f6a2-4c1b-7d35-9e0a-1f2b3c4d5e6f',
  sequence: 1,
  time: '2026-11-25T09:30:00.123Z',
  datacontenttype: 'application/json',
  data: { userId: 'x' },
}

test('an envelope is read from an object, from text and from bytes', () => {
  const text = JSON.stringify(envelope)
  expect(parseEnvelope(envelope)).toEqual(envelope)
  expect(parseEnvelope(text)).toEqual(envelope)
  expect(parseEnvelope(new TextEncoder().encode(text))).toEqual(envelope)
})

test('attributes of a newer envelope are ignored', () => {
  expect(parseEnvelope({ ...envelope, region: 'eu' })).toEqual(envelope)
})

test('every wrong attribute is named at once', () => {
  const wrong = { ...envelope, id: 'seven', sequence: -1, time: 'yesterday' }
  expect(() => parseEnvelope(wrong)).toThrow(/id: .*sequence: .*time: /)
})

test.each(['', '{', '[]', 'null', '"text"'])('%j is refused', (text) => {
  expect(() => parseEnvelope(text)).toThrow(ContractError)
})

test('bytes that are not UTF-8 are refused', () => {
  expect(() => parseEnvelope(Uint8Array.of(0x7b, 0xff))).toThrow(/not JSON in UTF-8/)
})
