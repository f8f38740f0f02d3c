import { password, personLogin } from '../fleet/people.ts'
import { argon2Contender } from '../harness/argon2.ts'
import { httpContender } from '../harness/http-contender.ts'
import { alternate, pairedRatio } from '../harness/rounds.ts'
import { peopleCount, type Stage } from './stage.ts'

const usualCallers = 8

/** Signing in, beside the password check alone. */
export async function login({ identity, options, goals }: Stage): Promise<void> {
  const bodies = Array.from({ length: peopleCount }, (_, index) =>
    JSON.stringify({ login: personLogin(index + 1), password }),
  )
  const contenders = [
    httpContender('service', identity, {
      method: 'POST',
      paths: ['/v1/auth/login'],
      bodies,
      expectedStatus: 200,
      callers: options.callers ?? usualCallers,
    }),
    argon2Contender('Argon2id alone'),
  ]
  const results = await alternate('login', contenders, { ...options, print: console.log })
  goals.atLeast('login / Argon2id alone', pairedRatio(results, 'service', 'Argon2id alone'), 0.8)
}
