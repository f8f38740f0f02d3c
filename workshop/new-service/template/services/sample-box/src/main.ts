import { runService } from '@sandkeep/service-kit'
import { build } from './app.ts'
import { configSchema } from './config.ts'

await runService({ name: 'sample-box', config: configSchema, build })
