import { once } from 'node:events'
import { request } from 'node:http'
import { json } from 'node:stream/consumers'

// remove-labelled.ts SOCKET LABEL: waits until its standard input ends, as it does with the process that started it,
// then removes all containers and volumes that have the label.
const [, , socketPath = '', label = ''] = process.argv

process.stdin.resume()
await once(process.stdin, 'end')
const labelled = `filters=${encodeURIComponent(JSON.stringify({ label: [label] }))}`
for (const id of names(await call('GET', `/containers/json?all=1&${labelled}`), 'Id')) {
  await call('DELETE', `/containers/${id}?force=1&v=1`)
}
const { Volumes: volumes } = Object(await call('GET', `/volumes?${labelled}`))
for (const name of names(volumes, 'Name')) await call('DELETE', `/volumes/${name}?force=1`)

async function call(method: string, path: string): Promise<unknown> {
  const asked = request({ socketPath, method, path }).end()
  const [response] = await once(asked, 'response')
  if (method === 'GET') return await json(response)
  response.resume()
  await once(response, 'end')
  return null
}

function names(list: unknown, key: string): string[] {
  return Array.isArray(list) ? list.map((it) => String(it[key])) : []
}
