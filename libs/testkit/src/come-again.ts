import { eventually } from './eventually.ts'

const patienceMs = 30_000

/** Asks again while it is told to, as a client does that heeds `Retry-After`: a busy machine has too much at once. */
export const comeAgain = <A extends { status: number }>(ask: () => Promise<A>): Promise<A> =>
  eventually(
    async () => {
      const answer = await ask()
      if (answer.status === 503) throw new Error('still asked to come again')
      return answer
    },
    { timeoutMs: patienceMs },
  )
