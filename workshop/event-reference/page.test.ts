import { contracts } from '@sandkeep/contracts'
import { expect, test } from 'vitest'
import { findDeadLinks } from '../check/links.ts'
import { readQueues } from './consumers.ts'
import { readContractFiles } from './image.ts'
import { eventsPage } from './page.ts'

const page = eventsPage(await readContractFiles(), await readQueues())

test.each([...contracts.keys()])('%s has a section of its own', (type) => {
  expect(page).toContain(`\n### ${type}\n`)
})

test('every queue, type and enumeration that is named can be followed', () => {
  expect(page).toContain('(#')
  expect(findDeadLinks(new Map([['events.md', page]]), new Set(['events.md']))).toEqual([])
})

test('a field that holds or points to a person says so', () => {
  const rows = page.split('\n').filter((it) => it.startsWith('| `userId`'))
  expect(rows.length).toBeGreaterThan(0)
  for (const row of rows) expect(row).toContain('*Personal: the id of a person.*')
})
