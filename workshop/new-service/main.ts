import { execFileSync } from 'node:child_process'
import { root } from '../repository.ts'
import { addService } from './add-service.ts'
import { finishService } from './finish-service.ts'
import { NameError, parseNames } from './names.ts'

const usage = `usage: npm run new-service NAME [NOUN]
  NAME  the service, such as progress or learning-path
  NOUN  what it keeps, in the singular, such as step (default: item)`

try {
  const names = parseNames(process.argv[2], process.argv[3])
  const files = await addService(root, names)
  console.log(files.map((it) => `  + ${it}`).join('\n'))
  execFileSync('pnpm', ['install', '--no-frozen-lockfile', '--reporter=append-only'], {
    cwd: root,
    stdio: 'inherit',
  })
  await finishService(root, names)
  console.log(nextSteps(names.service, names.noun))
} catch (error) {
  if (!(error instanceof NameError)) throw error
  console.error(`new-service: ${error.message}\n${usage}`)
  process.exitCode = 2
}

function nextSteps(service: string, noun: string): string {
  return `
services/${service} is ready: ./dev vitest run services/${service}
To reach it from outside, give services/gateway/src/upstreams.ts the service and the row
  { path: '/v1/${noun}s', service: '${service}', auth: 'required', limit: 'api' }
and to run it with npm start, start it in deploy/embedded/src/services.ts with its settings.`
}
