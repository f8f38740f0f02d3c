import { command, type Stage } from './stage.ts'

const biomeFigures = (output: string) => /Checked .*\./.exec(output)?.[0] ?? ''

export const stages: Stage[] = [
  command('types', ['turbo', 'run', 'check', '--output-logs=errors-only']),
  command('lint', ['biome', 'ci', '--error-on-warnings'], biomeFigures),
  command('unused', ['knip']),
  command('boundaries', ['turbo', 'boundaries']),
  command('protos', ['buf', 'lint', 'proto']),
  command('events-released', ['buf', 'breaking', 'proto', '--against', 'proto/released.binpb']),
]
