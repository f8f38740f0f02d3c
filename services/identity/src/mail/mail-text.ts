import type { MailKind } from './mail.ts'

interface Template {
  subject: string
  lines: (to: { name: string; username: string; link: string }) => string[]
}

const ignore = 'If this was not you, ignore this message: nothing happens without the link.'

const templates: Record<MailKind, Template> = {
  verify_email: {
    subject: 'confirm your e-mail address',
    lines: ({ name, username, link }) => [
      `Welcome to Sandkeep, ${name}!`,
      `Confirm this address to start using your account "${username}". The link works for two days:`,
      link,
      ignore,
    ],
  },
  account_exists: {
    subject: 'you already have an account',
    lines: ({ name, username, link }) => [
      `Hello ${name},`,
      `Somebody asked for a new account with this address, but it already has one: "${username}".`,
      'If that was you, sign in with it. If you no longer know the password, choose a new one within 30 minutes:',
      link,
      ignore,
    ],
  },
  reset_password: {
    subject: 'choose a new password',
    lines: ({ name, username, link }) => [
      `Hello ${name},`,
      `Choose a new password for your account "${username}". The link works once, for 30 minutes:`,
      link,
      ignore,
    ],
  },
  invitation: {
    subject: 'your account is ready',
    lines: ({ name, username, link }) => [
      `Hello ${name},`,
      `An account was made for you, "${username}". Choose your password to start; the link works once, for seven days:`,
      link,
    ],
  },
  unlock: {
    subject: 'many failed attempts to sign in',
    lines: ({ name, username, link }) => [
      `Hello ${name},`,
      `Somebody keeps trying passwords for your account "${username}", so we slowed signing in down. It is not locked.`,
      'If that kept you out, open this link on the device you use; it works once, for an hour:',
      link,
      'If you have nothing to do with it, a new password is a good idea if yours is short or used elsewhere.',
    ],
  },
  password_changed: {
    subject: 'your password was changed',
    lines: ({ name, username }) => [
      `Hello ${name},`,
      `The password of your account "${username}" was just changed, and your other devices were signed out.`,
      'If this was not you, choose a new one at once with "forgot password" and tell an administrator.',
    ],
  },
}

export interface Recipient {
  username: string
  firstName: string | null
}

// Strangers can have mail sent to anybody and choose the name in it: one that holds an address of a page is left out.
const isPlainName = (name: string): boolean => !/[/:@]|\.\S/.test(name)

/** The subject and the plain text of a mail. `link` is left out by the kinds that have none. */
export function writeMail(kind: MailKind, to: Recipient, link: string): { subject: string; text: string } {
  const { subject, lines } = templates[kind]
  const name = to.firstName !== null && isPlainName(to.firstName) ? to.firstName : to.username
  const paragraphs = lines({ name, username: to.username, link })
  return { subject: `Sandkeep: ${subject}`, text: `${paragraphs.join('\n\n')}\n` }
}
