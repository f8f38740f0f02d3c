import { writeSync } from 'node:fs'
import { openMailer } from '../src/mail/open-mailer.ts'

/** Sends one mail and says so on standard output, for `mail-flush.test.ts` to watch what happens before. */
const mailer = await openMailer(process.argv[2] ?? '', 'Sandkeep <no-reply@sandkeep.example>')
await mailer.send({
  id: '019b7a00-0000-7000-8000-000000000001',
  to: 'ada@example.org',
  subject: 'Sandkeep: confirm your e-mail address',
  text: 'Hello Ada\n',
})
writeSync(1, 'sent\n')
