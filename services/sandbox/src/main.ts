import { runService } from '@sandkeep/service-kit'
import { build } from './app.ts'
import { configSchema } from './config.ts'

await runService({ name: 'sandbox', config: configSchema, build })
