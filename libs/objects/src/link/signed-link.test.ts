import { randomBytes } from 'node:crypto'
import { pathToFileURL } from 'node:url'
import { tempDirectory } from '@sandkeep/testkit'
import { expect, test } from 'vitest'
import { openLink, openObjects } from '../index.ts'

const signer = { path: '/v1/downloads', secret: randomBytes(32) }

/** What a route reads of a link. */
function asked(link: string) {
  const { pathname, searchParams } = new URL(link, 'http://origin')
  const { expires = '', signature = '', ...rest } = Object.fromEntries(searchParams)
  return { key: pathname.slice('/v1/downloads/'.length), query: { expires, signature, ...rest } }
}

async function linkTo(key: string, options: { contentType?: string; fileName?: string } = {}) {
  await using stack = new AsyncDisposableStack()
  const url = pathToFileURL(await tempDirectory(stack)).href
  await using objects = await openObjects(url, { links: signer })
  return asked(await objects.signedUrl(key, { expiresInSeconds: 60, ...options }))
}

test('a link allows what it was signed for, until it expires', async () => {
  const options = { contentType: 'text/plain', fileName: 'naïve & "plan".txt' }
  const { key, query } = await linkTo('a/b.txt', options)
  expect(openLink(signer, key, query, new Date())).toEqual({ key: 'a/b.txt', ...options })
  expect(openLink(signer, key, query, new Date(Date.now() + 61_000))).toBeNull()
})

test('a link that was changed, or signed with another secret, allows nothing', async () => {
  const { key, query } = await linkTo('a/b.txt', { contentType: 'text/plain' })
  const now = new Date()
  expect(openLink(signer, 'a/c.txt', query, now)).toBeNull()
  expect(openLink(signer, key, { ...query, expires: String(Number(query.expires) + 1) }, now)).toBeNull()
  expect(openLink(signer, key, { ...query, type: 'text/html' }, now)).toBeNull()
  expect(openLink(signer, key, { ...query, name: 'x' }, now)).toBeNull()
  expect(openLink(signer, key, { ...query, signature: '' }, now)).toBeNull()
  expect(openLink({ ...signer, secret: randomBytes(32) }, key, query, now)).toBeNull()
})

test('without a secret there are no links', async () => {
  await using stack = new AsyncDisposableStack()
  await using objects = await openObjects(pathToFileURL(await tempDirectory(stack)).href)
  await expect(objects.signedUrl('a', { expiresInSeconds: 60 })).rejects.toThrow('without the secret')
})
