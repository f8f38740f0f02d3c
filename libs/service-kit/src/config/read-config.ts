import { readFileSync } from 'node:fs'
import type { z } from 'zod'
import { nearMiss } from './near-miss.ts'

/** The configuration is wrong; the message lists every variable, what its rule is and what to do. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError'
}

/**
 * Reads the variables that `schema` declares from `env`; an empty one counts as not given. `NAME_FILE` names a file
 * that holds the value of `NAME`, as secrets of containers come; a line break at its end is not part of the value.
 * Throws `ConfigError` with all faults at once, and with each variable whose name is a slip of one that is not set.
 * Values are never part of the message.
 */
export function readConfig<S extends z.ZodObject>(schema: S, env: NodeJS.ProcessEnv): z.infer<S> {
  const names = Object.keys(schema.shape)
  const { given, unread } = valuesOf(env, names)
  const parsed = schema.safeParse(given, { reportInput: true })
  const slips = slipsIn(env, names)
  if (parsed.success && unread.size === 0 && slips.length === 0) return parsed.data
  const issues = parsed.error?.issues.filter(({ path }) => !unread.has(String(path[0]))) ?? []
  const faults = [...issues.map((issue) => describe(schema, issue)), ...unread.values(), ...slips]
  throw new ConfigError(`the configuration is wrong:\n${faults.map((fault) => `  ${fault}`).join('\n')}`)
}

/** What is given for each name, and for each that is not because of its file, what is wrong with that. */
function valuesOf(env: NodeJS.ProcessEnv, names: string[]) {
  const given: Record<string, string> = {}
  const unread = new Map<string, string>()
  for (const name of names) {
    const value = env[name]
    const path = env[`${name}_FILE`]
    if (value) given[name] = value
    if (!path) continue
    if (value) {
      unread.set(name, `${name} and ${name}_FILE are both set: unset one`)
      continue
    }
    try {
      const content = readFileSync(path, 'utf8').replace(/\r?\n$/, '')
      if (content) given[name] = content
    } catch (error) {
      const code = error instanceof Error && 'code' in error ? String(error.code) : String(error)
      unread.set(name, `${name}_FILE names a file that cannot be read (${code})`)
    }
  }
  return { given, unread }
}

function describe(schema: z.ZodObject, issue: z.core.$ZodIssue): string {
  const name = String(issue.path[0] ?? '')
  const meaning = schema.shape[name]?.description
  const isMissing = issue.code === 'invalid_type' && issue.input === undefined
  const fault = isMissing ? 'is not set' : issue.message.replace(/^I/, 'i')
  return `${name} ${fault}${meaning ? ` (${meaning})` : ''}`
}

function slipsIn(env: NodeJS.ProcessEnv, names: string[]): string[] {
  const unset = names.filter((name) => !env[name] && !env[`${name}_FILE`])
  return Object.keys(env).flatMap((given) => {
    const meant = names.includes(given) ? undefined : nearMiss(given, unset)
    return meant ? [`${given} is not known: did you mean ${meant}?`] : []
  })
}
