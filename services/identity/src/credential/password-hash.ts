import * as argon2 from '@node-rs/argon2'
import * as bcrypt from '@node-rs/bcrypt'
import { parseForeignHash, verifyForeignHash } from './foreign-hash.ts'

// Argon2id. The package's enums are declared `const`, which type stripping cannot read; 2 is Algorithm.Argon2id.
const argon2id = 2
const policy = { algorithm: argon2id, memoryCost: 19_456, timeCost: 2, parallelism: 1 }
const ownPrefix = `$argon2id$v=19$m=${policy.memoryCost},t=${policy.timeCost},p=${policy.parallelism}$`

const maxBcryptCost = 14
const maxArgon2MemoryKib = 262_144
const maxArgon2Passes = 10

const isArgon2 = (encoded: string): boolean => encoded.startsWith('$argon2')
const isBcrypt = (encoded: string): boolean => /^\$2[aby]\$/.test(encoded)

/** Stands where a hash would, for an account whose person has not chosen a password yet. */
export const noPassword = '!'

export const hashPassword = (password: string): Promise<string> => argon2.hash(password, policy)

export async function verifyPassword(password: string, encoded: string): Promise<boolean> {
  if (isArgon2(encoded)) return await argon2.verify(encoded, password)
  if (isBcrypt(encoded)) return await bcrypt.verify(password, encoded)
  const foreign = parseForeignHash(encoded)
  return foreign !== null && (await verifyForeignHash(foreign, password))
}

/** Whether a hash was made by another algorithm or with other costs than new ones are. */
export const needsRehash = (encoded: string): boolean => !encoded.startsWith(ownPrefix)

/** Whether a hash from elsewhere can be verified here, at a cost that a login may have. */
export function isImportableHash(encoded: string): boolean {
  try {
    if (isArgon2(encoded)) {
      const { memoryCost, timeCost, parallelism } = argon2.parseOptions(encoded)
      return memoryCost <= maxArgon2MemoryKib && timeCost <= maxArgon2Passes && parallelism <= 4
    }
    if (isBcrypt(encoded)) return encoded.length === 60 && bcrypt.parseOptions(encoded).cost <= maxBcryptCost
  } catch {
    return false
  }
  return parseForeignHash(encoded) !== null
}
