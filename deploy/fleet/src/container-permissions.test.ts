import { readFile } from 'node:fs/promises'
import { brokerPermissions } from '@sandkeep/messaging'
import { consumers } from '@sandkeep/sandbox/consumers'
import { expect, test } from 'vitest'

test('the containers give each user of the broker what its service needs, and no more', async () => {
  const file = `${import.meta.dirname}/../../docker/setup/broker-permissions.json`
  expect(JSON.parse(await readFile(file, 'utf8'))).toEqual({
    identity: brokerPermissions('identity', []),
    sandbox: brokerPermissions('sandbox', consumers),
  })
})
