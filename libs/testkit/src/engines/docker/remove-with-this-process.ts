import { spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { fileURLToPath } from 'node:url'

const script = fileURLToPath(new URL('remove-labelled.ts', import.meta.url))
let labels: Record<string, string> | undefined

/** The labels of containers and volumes that are removed when this process ends, however that happens. */
export function removeWithThisProcess(socket: string): Record<string, string> {
  if (labels) return labels
  const owner = randomUUID()
  const guard = spawn(process.execPath, [script, socket, `sandkeep.owner=${owner}`], {
    stdio: ['pipe', 'ignore', 'ignore'],
    detached: true,
  })
  guard.unref()
  labels = { 'sandkeep.owner': owner }
  return labels
}
