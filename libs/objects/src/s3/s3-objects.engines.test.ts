import { engines } from '@sandkeep/testkit'
import { contentContract } from '../../test/content-contract.ts'
import { manyObjectsContract } from '../../test/many-objects-contract.ts'
import { type ObjectsEngine, objectsContract } from '../../test/objects-contract.ts'
import { unfinishedUploads } from '../../test/unfinished-uploads.ts'
import { openObjects } from '../index.ts'

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
manyObjectsContract('s3:', start)
contentContract('s3:', start)
