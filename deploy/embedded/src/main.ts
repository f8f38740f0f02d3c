import { ConfigError, readConfig, widenThreadPool } from '@sandkeep/service-kit'
import { type Config, configSchema } from './config.ts'
import { greeting } from './greeting.ts'
import { createLoggers, type Loggers } from './log.ts'
import { type Product, startProduct } from './product.ts'
import { runUntilTold } from './run-until-told.ts'
import { StartRefusedError } from './start-refused-error.ts'

const wrongConfigurationCode = 78
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
  process.exit(await runUntilTold(start(config, loggers), { log: loggers('embedded'), endAtOnce }))
} catch (error) {
  const isRefusal = error instanceof StartRefusedError || error instanceof ConfigError
  console.error(`Sandkeep did not start: ${error instanceof Error ? error.message : String(error)}`)
  process.exit(isRefusal ? wrongConfigurationCode : 1)
}
