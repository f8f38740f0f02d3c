import { openPostgres } from '@sandkeep/postgres'
import { createLogger, readConfig } from '@sandkeep/service-kit'
import { configSchema } from './config.ts'
import { deriveKey } from './credential/sealed-token.ts'
import { openKeyRing } from './key/key-ring.ts'

// Makes the next signing key now instead of when it is due; running services meet it within a minute.
const config = readConfig(
  configSchema.pick({ DATABASE_URL: true, KEY_ENCRYPTION_SECRET: true, SIGNING_KEY_DAYS: true }),
  process.env,
)
await using db = await openPostgres({
  url: config.DATABASE_URL.reveal(),
  applicationName: 'identity rotate-key',
})
const keys = await openKeyRing({
  db,
  encryptionKey: deriveKey(config.KEY_ENCRYPTION_SECRET.reveal(), 'signing keys'),
  rotationMs: config.SIGNING_KEY_DAYS * 86_400_000,
  log: createLogger({ name: 'identity', level: 'info' }),
})
await keys.rotate()
