import { httpEnv } from '@sandkeep/service-kit'
import { z } from 'zod'

/** What can be chosen for a whole Sandkeep in one process; the rest is made up once and kept with the data. */
export const configSchema = z.object({
  ...httpEnv.pick({ HOST: true, LOG_LEVEL: true, CORS_ORIGINS: true }).shape,
  PORT: httpEnv.shape.PORT.unwrap().default(8080).describe('Port of the gateway; 0 takes a free one'),
  DATA_DIR: z.string().default('data').describe('Directory that holds all data, made when missing'),
  MAIL_URL: z
    .string()
    .optional()
    .describe(
      'Where mail goes: smtp(s)://user:password@host:port; the directory `mail` of the data unless set',
    ),
})

export type Config = z.infer<typeof configSchema>
