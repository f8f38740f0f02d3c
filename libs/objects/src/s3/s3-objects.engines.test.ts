import { ListMultipartUploadsCommand, S3Client } from '@aws-sdk/client-s3'
import { type Engine, engines } from '@sandkeep/testkit'
import { contentContract } from '../../test/content-contract.ts'
import { type ObjectsEngine, objectsContract } from '../../test/objects-contract.ts'
import { openObjects } from '../index.ts'
import { parseS3Url } from './s3-url.ts'

async function unfinishedUploads(engine: Engine): Promise<number> {
  const { endpoint = '', credentials, region, bucket } = parseS3Url(engine.url)
  const client = new S3Client({ endpoint, region, forcePathStyle: true, ...(credentials && { credentials }) })
  const { Uploads = [] } = await client.send(new ListMultipartUploadsCommand({ Bucket: bucket }))
  client.destroy()
  return Uploads.length
}

async function start(): Promise<ObjectsEngine> {
  const stack = new AsyncDisposableStack()
  const engine = stack.use(await engines.start('s3'))
  const objects = stack.use(await openObjects(engine.url))
  return {
    objects,
    leftovers: () => unfinishedUploads(engine),
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  }
}

objectsContract('s3:', start)
contentContract('s3:', start)
