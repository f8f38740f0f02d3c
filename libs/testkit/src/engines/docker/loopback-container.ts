import type { GenericContainer } from 'testcontainers'
import type { Docker } from './docker.ts'
import type { Image } from './image.ts'

/** A container whose port is open to this machine alone: the library would open it to the network. */
export function loopbackContainer(
  { testcontainers }: Docker,
  image: Image,
  { inside, port }: { inside: number; port: number },
): GenericContainer {
  class LoopbackContainer extends testcontainers.GenericContainer {
    protected override async beforeContainerCreated() {
      const bindings = [{ HostIp: '127.0.0.1', HostPort: String(port) }]
      this.hostConfig.PortBindings = { [`${inside}/tcp`]: bindings }
    }
  }
  const container = new LoopbackContainer(image.name)
    .withExposedPorts({ container: inside, host: port })
    .withEnvironment(image.env ?? {})
    .withCommand(image.command?.(inside) ?? [])
  return image.entrypoint ? container.withEntrypoint(image.entrypoint) : container
}
