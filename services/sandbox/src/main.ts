import { runService } from '@sandkeep/service-kit'
import { build, configSchema } from './index.ts'

await runService({ name: 'sandbox', config: configSchema, build })
