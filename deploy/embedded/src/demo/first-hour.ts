import { answerOf, createClient, type SandkeepClient } from '@sandkeep/client'
import { mailedToken } from './mailbox.ts'
import { createStopwatch, type Step } from './stopwatch.ts'
import type { Exercise } from './track.ts'
import { workOn } from './work-on.ts'

export interface FirstHour {
  /** Where the gateway answers. */
  url: string
  /** Where identity puts its mail. */
  mailDirectory: string
  exercises: readonly Exercise[]
  say: (line: string) => void
}

/** Plays a learner's first hour through the gateway, telling each step and its time. Throws when anything is not as promised. */
export async function playFirstHour({ url, mailDirectory, exercises, say }: FirstHour): Promise<void> {
  const client = createClient({ baseUrl: url })
  const steps = await signUp(client, mailDirectory)
  say(`A new learner ${timesOf(steps)}`)
  for (const [index, exercise] of exercises.entries()) {
    const worked = await workOn(client.api, exercise)
    const place = `${index + 1}/${exercises.length}`
    say(`${place.padStart(6)} ${exercise.name}, ${exercise.starter.size} files: ${timesOf(worked)}`)
    steps.push(...worked)
  }
  await client.logout()
  const totalMs = steps.reduce((sum, { ms }) => sum + ms, 0)
  say(
    `${exercises.length} exercises in ${(totalMs / 1_000).toFixed(1)} s; every archive equals its working tree byte for byte.`,
  )
}

async function signUp(client: SandkeepClient, mailDirectory: string): Promise<Step[]> {
  const { api } = client
  const username = `learner-${crypto.randomUUID().slice(0, 8)}`
  const account = { username, email: `${username}@sandkeep.test`, password: `First-hour-${username}` }
  const { email, password } = account
  const { step, steps } = createStopwatch()
  await step('registers', () => answerOf(api.POST('/v1/auth/register', { body: account })))
  await step('follows the mailed link', async () => {
    const token = await mailedToken(mailDirectory, email, 'verify_email')
    await answerOf(api.POST('/v1/auth/verify-email', { body: { token } }))
  })
  await step('signs in', () => client.login({ login: email, password }))
  return steps
}

const timesOf = (steps: readonly Step[]) =>
  steps.map(({ name, ms }) => `${name} ${Math.round(ms)} ms`).join(', ')
