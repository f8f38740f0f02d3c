import { type Engine, EngineError } from './engine.ts'

/** An engine that somebody else runs: its URL serves, but it is not ours to stop. */
export function givenEngine(variable: string, url: string): Engine {
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
    [Symbol.asyncDispose]: async () => {},
  }
}
