import type { Purpose } from '../credential/one-time-token.ts'

export const mailKinds = [
  'verify_email',
  'account_exists',
  'reset_password',
  'invitation',
  'unlock',
  'password_changed',
] as const

export type MailKind = (typeof mailKinds)[number]

/** What the link of a mail may be used for; a mail without one only tells. */
export const linkPurpose: Record<MailKind, Purpose | null> = {
  verify_email: 'verify_email',
  account_exists: 'reset_password',
  reset_password: 'reset_password',
  invitation: 'reset_password',
  unlock: 'unlock',
  password_changed: null,
}

/** A message on its way. `id` makes its Message-ID, so that a repeat is recognised. */
export interface Message {
  id: string
  to: string
  subject: string
  text: string
}

/** Resolves once the message is handed over for good: accepted by the server, or flushed to disk. */
export interface Mailer {
  send: (message: Message) => Promise<void>
  close: () => void
  /** Where the mail goes, for the log; never with credentials. */
  destination: string
}
