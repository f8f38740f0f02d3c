import { join } from 'node:path'
import { answersHttp } from '../answers.ts'
import { EngineError } from '../engine.ts'
import { dataIn, machineRoot } from '../place.ts'
import type { Recipe } from '../recipe.ts'
import { built } from '../sources/built.ts'

const [org, bucket, token] = ['sandkeep', 'metrics', 'sandkeep-token']

/** Its organisation, bucket and token are there when it is. */
export const influxdb: Recipe = {
  kind: 'influxdb',
  version: '2.7',
  name: 'InfluxDB',
  image: { name: 'influxdb:2.7', port: 8086, data: '/var/lib/influxdb2' },
  sources: [
    async () => ({
      root: machineRoot,
      program: join(await built('influxd'), 'influxd'),
      version: '2.7.12',
      from: 'built from Go modules and crates',
    }),
  ],
  prepare(program, place, port) {
    const data = dataIn(place)
    return {
      command: [
        ...[program, 'run', '--http-bind-address', `127.0.0.1:${port}`, '--reporting-disabled'],
        ...['--bolt-path', join(data, 'influxd.bolt'), '--sqlite-path', join(data, 'influxd.sqlite')],
        ...['--engine-path', join(data, 'engine'), '--log-level', 'warn'],
      ],
      env: {},
    }
  },
  isReady: (port) => answersHttp(`http://127.0.0.1:${port}/health`, 200),
  async setUp(port) {
    const body = JSON.stringify({ username: 'sandkeep', password: token, org, bucket, token })
    const response = await fetch(`http://127.0.0.1:${port}/api/v2/setup`, { method: 'POST', body })
    if (!response.ok) throw new EngineError(`InfluxDB refused its set-up: ${await response.text()}`)
  },
  url: (port) => `influx+http://:${token}@127.0.0.1:${port}/${org}/${bucket}`,
}
