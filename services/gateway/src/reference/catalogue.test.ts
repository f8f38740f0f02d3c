import { expect, test } from 'vitest'
import { createCatalogue } from './catalogue.ts'
import type { OpenApiDocument } from './document.ts'

const document = (title: string): OpenApiDocument => ({
  openapi: '3.1.0',
  info: { title, version: '1' },
  paths: {},
})

function catalogue(fetchDocument: (service: string) => Promise<OpenApiDocument>) {
  const clock = { now: 0 }
  const compose = (parts: readonly { document: OpenApiDocument }[]) =>
    document(parts.map((part) => part.document.info.title).join(' '))
  const it = createCatalogue({ services: ['a', 'b'], fetchDocument, compose, now: () => clock.now })
  const title = async () => JSON.parse(await it.json()).info.title
  return { clock, title }
}

test('services are asked once a minute, however many readers there are', async () => {
  let asked = 0
  const { clock, title } = catalogue(async (service) => {
    asked += 1
    return document(service)
  })
  expect(await Promise.all([title(), title()])).toEqual(['a b', 'a b'])
  await title()
  expect(asked).toBe(2)
  clock.now = 60_000
  await title()
  expect(asked).toBe(4)
})

test('a service that is down stays described as it last was', async () => {
  let isDown = false
  const { clock, title } = catalogue(async (service) => {
    if (isDown && service === 'b') throw new Error('down')
    return document(isDown ? `${service}2` : service)
  })
  await title()
  isDown = true
  clock.now = 60_000
  expect(await title()).toBe('a2 b')
})

test('a service that never answered leaves no half document', async () => {
  const { title } = catalogue(() => Promise.reject(new Error('down')))
  await expect(title()).rejects.toThrow('down')
})
