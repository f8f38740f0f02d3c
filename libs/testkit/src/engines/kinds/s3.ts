import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { answersHttp } from '../answers.ts'
import { dataIn, machineRoot } from '../place.ts'
import type { Recipe } from '../recipe.ts'
import { built } from '../sources/built.ts'

const [key, secret, bucket, region] = ['sandkeep', 'sandkeep-secret', 'sandkeep', 'us-east-1']

const runInContainer = `
mkdir -p /data/buckets/${bucket} /data/versions
PATH=$PATH:/app
exec versitygw --port :7070 --region ${region} --health /health --quiet \
  posix --versioning-dir /data/versions /data/buckets`

/** An S3 server with one bucket; versions are kept where a client asks for them. */
export const s3: Recipe = {
  kind: 's3',
  version: '1.8',
  name: 'versitygw (S3)',
  image: {
    name: 'versity/versitygw:v1.8.0',
    port: 7070,
    data: '/data',
    env: { ROOT_ACCESS_KEY: key, ROOT_SECRET_KEY: secret },
    entrypoint: ['/bin/sh', '-euc', runInContainer],
  },
  sources: [
    async () => ({
      root: machineRoot,
      program: join(await built('versitygw'), 'versitygw'),
      version: '1.8.0',
      from: 'built from Go modules',
    }),
  ],
  async prepare(program, place, port) {
    // A folder is a bucket.
    await mkdir(join(place.data, 'buckets', bucket), { recursive: true })
    await mkdir(join(place.data, 'versions'))
    const [buckets, versions] = ['buckets', 'versions'].map((name) => join(dataIn(place), name))
    return {
      command: [
        ...[program, '--port', `127.0.0.1:${port}`, '--region', region, '--health', '/health', '--quiet'],
        ...['posix', '--versioning-dir', `${versions}`, `${buckets}`],
      ],
      env: { ROOT_ACCESS_KEY: key, ROOT_SECRET_KEY: secret },
    }
  },
  isReady: (port) => answersHttp(`http://127.0.0.1:${port}/health`, 200),
  url: (port) => `s3://${key}:${secret}@${bucket}?region=${region}&endpoint=http://127.0.0.1:${port}`,
}
