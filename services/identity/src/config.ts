import { authEnv, busEnv, cacheEnv, httpEnv, objectsEnv, postgresEnv, secret } from '@sandkeep/service-kit'
import { z } from 'zod'
import { isFirstAccounts } from './account/first-accounts.ts'
import { mailUrlPattern } from './mail/open-mailer.ts'

const days = (initial: number) => z.coerce.number().int().min(1).max(3650).default(initial)

const owner = z.string().regex(/^[a-z-]+=https?:\/\/\S+$/, 'must be name=URL pairs, separated by commas')

const owners = z
  .string()
  .transform((text) => text.split(',').filter((entry) => entry !== ''))
  .pipe(z.array(owner))
  .transform((entries) =>
    entries.map((entry) => {
      const [name = '', ...url] = entry.split('=')
      return { name, url: url.join('=') }
    }),
  )

export const configSchema = z.object({
  ...httpEnv.shape,
  ...postgresEnv.shape,
  ...busEnv.shape,
  ...cacheEnv.shape,
  ...objectsEnv.shape,
  // Others ask identity for keys; identity has them.
  ...authEnv.omit({ IDENTITY_URL: true }).shape,
  PUBLIC_URL: z.url().describe('Where people reach the platform; its pages may hold the refresh cookie'),
  MAIL_URL: secret()
    .refine((it) => mailUrlPattern.test(it.reveal()), 'must be smtp://…, smtps://… or file:<directory>')
    .describe('Where mail goes: smtp(s)://user:password@host:port, or file:<directory>'),
  MAIL_FROM: z.string().default('Sandkeep <no-reply@localhost>').describe('The sender of all mail'),
  MAIL_LINK_URL: z
    .url()
    .optional()
    .describe('The page that links in mail lead to, given `#<purpose>=<token>`; `/v1/auth/link` unless set'),
  KEY_ENCRYPTION_SECRET: secret({ minBytes: 32 }).describe(
    'Encrypts the signing keys at rest; keys for refresh tokens, mailed links and cursors are derived from it',
  ),
  SESSION_IDLE_DAYS: days(7).describe('A session ends after so many days without use'),
  SESSION_MAX_DAYS: days(30).describe('A session ends after so many days in any case'),
  SIGNING_KEY_DAYS: days(30).describe('How many days a key signs access tokens before the next one does'),
  HOLDINGS_URLS: owners
    .default([])
    .describe('Services asked what of a user lives on before it is deleted: `name=URL`, separated by commas'),
  FIRST_ACCOUNTS: secret()
    .refine(
      (it) => isFirstAccounts(it.reveal()),
      'must be role:email:password, with blanks between accounts and a role of student, instructor or admin',
    )
    .optional()
    .describe('Accounts made when there are none yet: `role:email:password`, with blanks between'),
})

export type Config = z.infer<typeof configSchema>
