import type { z } from 'zod'
import { nearMiss } from './near-miss.ts'

/** The configuration is wrong; the message lists every variable, what its rule is and what to do. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError'
}

/**
 * Reads the variables that `schema` declares from `env`; an empty one counts as not given.
 * Throws `ConfigError` with all faults at once, and with each variable whose name is a slip of one that is not set.
 * Values are never part of the message.
 */
export function readConfig<S extends z.ZodObject>(schema: S, env: NodeJS.ProcessEnv): z.infer<S> {
  const names = Object.keys(schema.shape)
  const given = Object.fromEntries(names.flatMap((name) => (env[name] ? [[name, env[name]]] : [])))
  const parsed = schema.safeParse(given, { reportInput: true })
  const slips = slipsIn(env, names)
  if (parsed.success && slips.length === 0) return parsed.data
  const faults = [...(parsed.error?.issues ?? []).map((issue) => describe(schema, issue)), ...slips]
  throw new ConfigError(`the configuration is wrong:\n${faults.map((fault) => `  ${fault}`).join('\n')}`)
}

function describe(schema: z.ZodObject, issue: z.core.$ZodIssue): string {
  const name = String(issue.path[0] ?? '')
  const meaning = schema.shape[name]?.description
  const isMissing = issue.code === 'invalid_type' && issue.input === undefined
  const fault = isMissing ? 'is not set' : issue.message.replace(/^I/, 'i')
  return `${name} ${fault}${meaning ? ` (${meaning})` : ''}`
}

function slipsIn(env: NodeJS.ProcessEnv, names: string[]): string[] {
  const unset = names.filter((name) => !env[name])
  return Object.keys(env).flatMap((given) => {
    const meant = names.includes(given) ? undefined : nearMiss(given, unset)
    return meant ? [`${given} is not known: did you mean ${meant}?`] : []
  })
}
