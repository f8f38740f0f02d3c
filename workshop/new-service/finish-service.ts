import { execute } from '../check/stage.ts'
import type { Names } from './names.ts'

/** Generates what the new files ask for and formats them. Throws what a program printed that fails. */
export async function finishService(root: string, { service }: Names): Promise<void> {
  const programs = [
    ['turbo', 'run', 'gen', '--output-logs=errors-only'],
    ['turbo', 'run', 'docs', '--output-logs=errors-only'],
    ['biome', 'check', '--write', `services/${service}`, 'libs/contracts/src'],
  ]
  for (const program of programs) {
    const { code, output } = await execute(program, { cwd: root })
    if (code !== 0) throw new Error(`${program.join(' ')} exited with ${code}\n${output}`)
  }
}
