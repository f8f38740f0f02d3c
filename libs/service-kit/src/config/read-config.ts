import type { z } from 'zod'

/** The configuration is wrong; the message lists every variable, what its rule is and what to do. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError'
}

/**
 * Reads the variables that `schema` declares from `env`; an empty one counts as not given.
 * Throws `ConfigError` with all faults at once. Values are never part of the message.
 */
export function readConfig<S extends z.ZodObject>(schema: S, env: NodeJS.ProcessEnv): z.infer<S> {
  const names = Object.keys(schema.shape)
  const given = Object.fromEntries(names.flatMap((name) => (env[name] ? [[name, env[name]]] : [])))
  const parsed = schema.safeParse(given)
  if (parsed.success) return parsed.data
  const faults = parsed.error.issues.map((issue) => describe(schema, issue))
  throw new ConfigError(`the configuration is wrong:\n${faults.map((fault) => `  ${fault}`).join('\n')}`)
}

function describe(schema: z.ZodObject, issue: z.core.$ZodIssue): string {
  const name = String(issue.path[0] ?? '')
  const meaning = schema.shape[name]?.description
  const missing = issue.code === 'invalid_type' && issue.input === undefined
  return `${name} ${missing ? 'is not set' : issue.message.toLowerCase()}${meaning ? ` (${meaning})` : ''}`
}
