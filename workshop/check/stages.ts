import { cacheReference } from '../cache-reference/cache-reference.ts'
import { eventReference } from '../event-reference/event-reference.ts'
import { problems } from '../problems/problems.ts'
import { api } from '../released/api.ts'
import { events } from '../released/events.ts'
import { drift } from './drift.ts'
import { links } from './links.ts'
import { portable } from './portable.ts'
import { shape } from './shape.ts'
import { command, type Stage } from './stage.ts'

export const stages: Stage[] = [
  command('types', ['turbo', 'run', 'check', '--continue', '--output-logs=errors-only'], packages),
  command('lint', ['biome', 'ci', '--colors=off', '--reporter=concise', '--error-on-warnings'], files),
  command('promises', ['oxlint', '--type-aware', '--format=unix', '--deny-warnings']),
  command('unused', ['knip', '--no-progress']),
  command('boundaries', ['turbo', 'boundaries'], files),
  command('protos', ['buf', 'lint', 'proto']),
  events,
  api,
  drift,
  problems,
  eventReference,
  cacheReference,
  links,
  portable,
  shape,
]

function packages(output: string): string {
  return /(\d+) successful/.exec(output)?.[0].replace('successful', 'packages') ?? ''
}

function files(output: string): string {
  return /Checked \d+ \w+/.exec(output)?.[0].toLowerCase() ?? ''
}
