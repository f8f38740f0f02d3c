import { readConfig, widenThreadPool } from '@sandkeep/service-kit'
import { type Config, configSchema } from './config.ts'
import { greeting } from './greeting.ts'
import { createLoggers, type Loggers } from './log.ts'
import { type Product, startProduct } from './product.ts'
import { runUntilTold } from './run-until-told.ts'
import { refusalOf } from './start-refused-error.ts'
import { watchProcess } from './watch-process.ts'

widenThreadPool()
let product: Product | undefined

async function start(config: Config, loggers: Loggers): Promise<Product> {
  product = await startProduct({ config, loggers })
  console.log(await greeting(product, process.uptime() * 1_000))
  return product
}

/** PostgreSQL recovers from it at the next start, as it does when this process is killed. */
function endAtOnce(): never {
  if (product) process.kill(product.postgres.pid, 'SIGQUIT')
  process.exit(130)
}

try {
  const config = readConfig(configSchema, process.env)
  const loggers = createLoggers(config.LOG_LEVEL)
  const log = loggers('embedded')
  const watch = ({ postgres }: Product, crashed: () => void) =>
    watchProcess(postgres.pid, () => {
      log.fatal('PostgreSQL has ended, stopping: start again, which recovers what was acknowledged')
      crashed()
    })
  process.exit(await runUntilTold(start(config, loggers), { log, endAtOnce, watch }))
} catch (error) {
  const { message, exitCode } = refusalOf(error)
  console.error(`Sandkeep did not start: ${message}`)
  process.exit(exitCode)
}
