import { declareCacheKeys } from '@sandkeep/cache'

const minute = 60_000
const hour = 60 * minute

const guess = {
  forgottenWhen: 'a right password, a new one, or the link of an unlock mail',
  withoutCache: 'each process counts by itself, half as many',
}
const fromAddress = { ...guess, forgottenWhen: 'never' }

export const cacheKeys = declareCacheKeys('identity', {
  accountFailures: {
    pattern: 'login:account:{login}:{window}',
    holds: 'Wrong passwords for an account, one window a step of the back-off; the login is hashed',
    longestMs: 6 * hour,
    ...guess,
  },
  accountWait: {
    pattern: 'login:account:{login}:wait',
    holds: 'Until when nobody may try a password of the account',
    longestMs: 7 * hour,
    ...guess,
  },
  accountFailed: {
    pattern: 'login:account:{login}:failed',
    holds: 'That there are failures to forget, so that a login without any forgets none',
    longestMs: 7 * hour,
    ...guess,
  },
  accountPass: {
    pattern: 'login:pass:{address}:{login}',
    holds: "That an address may pass an account's back-off, after the link of an unlock mail",
    longestMs: hour,
    forgottenWhen: 'never',
    withoutCache: 'only the process that saw the link lets the address pass',
  },
  addressFailures: {
    pattern: 'login:address:{address}:{window}',
    holds: 'Wrong passwords from an address, one window a step of the back-off; the address is hashed',
    longestMs: hour,
    ...fromAddress,
  },
  addressWait: {
    pattern: 'login:address:{address}:wait',
    holds: 'Until when nobody may try a password from the address',
    longestMs: 2 * hour,
    ...fromAddress,
  },
  unlockMails: {
    pattern: 'unlock-mail:{account}',
    holds: 'Unlock mails to the owner of an account that is attacked',
    longestMs: 24 * hour,
    ...fromAddress,
  },
  backOffEvents: {
    pattern: 'backed-off:{account}',
    holds: 'Events about attempts during a back-off',
    longestMs: minute,
    ...fromAddress,
  },
  mails: {
    pattern: 'mail:{address}',
    holds: 'Mails to an address that anybody can cause; the address is hashed',
    longestMs: hour,
    ...fromAddress,
  },
})
