import { randomUUID } from 'node:crypto'
import { EngineError } from '../engine.ts'
import type { Docker } from './docker.ts'
import type { Image } from './image.ts'

/** A small disk for a container. Docker frees such a disk when nobody uses it, so that a second container does. */
export interface Volume extends AsyncDisposable {
  name: string
  fill(): Promise<void>
  free(): Promise<void>
}

export async function openVolume(
  { client }: Docker,
  { name: image, data }: Image,
  { diskMiB, labels }: { diskMiB: number; labels: Record<string, string> },
): Promise<Volume> {
  await using stack = new AsyncDisposableStack()
  const { dockerode } = client.container
  const name = `sandkeep-${randomUUID()}`
  const options = { type: 'tmpfs', device: 'tmpfs', o: `size=${diskMiB}m` }
  await dockerode.createVolume({ Name: name, Labels: labels, DriverOpts: options })
  stack.defer(() => dockerode.getVolume(name).remove())
  const holder = await dockerode.createContainer({
    Image: image,
    Labels: labels,
    User: '0',
    Entrypoint: ['tail', '-f', '/dev/null'],
    HostConfig: { Binds: [`${name}:${data}`], NetworkMode: 'none' },
  })
  stack.defer(() => holder.remove({ force: true, v: true }))
  await holder.start()
  const sh = async (script: string) => {
    const { exitCode, output } = await client.container.exec(holder, ['/bin/sh', '-c', script])
    if (exitCode !== 0) throw new EngineError(`the disk of ${image} does as it will: ${output.trim()}`)
  }
  const filler = `${data}/filler`
  const opened = stack.move()
  return {
    name,
    // It ends when nothing more fits: with blocks, then with what is smaller than one.
    fill: () => sh(`for size in 1M 4k; do dd if=/dev/zero bs=$size >>${filler} 2>/dev/null; done; true`),
    free: () => sh(`rm -f ${filler}`),
    [Symbol.asyncDispose]: () => opened.disposeAsync(),
  }
}
