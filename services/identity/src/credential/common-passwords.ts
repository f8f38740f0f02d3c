import { dictionary } from '@zxcvbn-ts/language-common'

// The packaged list is in lower case and starts with the most used; shorter entries are refused by length already.
const commonPasswords = new Set(dictionary['passwords-common'].filter((password) => password.length >= 8))

/** Compared without regard to case, as guessers do. */
export const isCommonPassword = (password: string): boolean => commonPasswords.has(password.toLowerCase())
