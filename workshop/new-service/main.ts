import { execFileSync } from 'node:child_process'
import { root } from '../repository.ts'
import { addService } from './add-service.ts'
import { NameError, parseNames, rename } from './names.ts'

const usage = `usage: npm run new-service NAME [NOUN]
  NAME  the service, such as progress or learning-path
  NOUN  what it keeps, in the singular, such as step (default: item)`

const run = (program: string, ...args: string[]) =>
  execFileSync(program, args, { cwd: root, stdio: 'inherit' })

try {
  const names = parseNames(process.argv[2], process.argv[3])
  const files = await addService(root, names)
  console.log(files.map((it) => `  + ${it}`).join('\n'))
  run('pnpm', 'install', '--no-frozen-lockfile', '--reporter=append-only')
  run('turbo', 'run', 'gen', '--output-logs=errors-only')
  run('biome', 'check', '--write', `services/${names.service}`, 'libs/contracts/src')
  console.log(nextSteps(rename('services/sample-box', names), names.service))
} catch (error) {
  if (!(error instanceof NameError)) throw error
  console.error(`new-service: ${error.message}\n${usage}`)
  process.exitCode = 2
}

function nextSteps(folder: string, service: string): string {
  return `
${folder} is ready: ./dev vitest run ${folder}
To reach it from outside, add a row to services/gateway/src/upstreams.ts;
to run it with npm start, add ${service} to deploy/embedded.`
}
