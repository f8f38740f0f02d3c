import { type Engine, EngineError } from '../engine.ts'

export type Kind = 'postgres' | 'rabbitmq' | 'redis' | 'mongodb' | 's3' | 'influxdb' | 'opensearch'

/** Names an engine to use instead of one's own. */
export const urlVariable = (kind: Kind) => `SANDKEEP_TEST_${kind.toUpperCase()}_URL`

/** The engine that the environment names: its URL serves, but it is not ours to stop. */
export function givenEngine(kind: Kind): Engine | undefined {
  const variable = urlVariable(kind)
  const url = process.env[variable]
  if (!url) return undefined
  const refuse = async () => {
    throw new EngineError(
      `this test stops and kills its engine, and may not do so to that of ${variable}: unset it`,
    )
  }
  return {
    url,
    origin: `the one of ${variable}`,
    stop: refuse,
    kill: refuse,
    restart: refuse,
    pause: refuse,
    resume: refuse,
    fillDisk: refuse,
    freeDisk: refuse,
    [Symbol.asyncDispose]: async () => {},
  }
}
