import type { DeadLetter, ReviewCounts, Verdict } from './bus.ts'

interface Actions {
  /** False when the letter could not be handed over; it is then kept. */
  redrive(letter: DeadLetter): Promise<boolean>
  remove(letter: DeadLetter): Promise<void>
}

/** Shows each letter to `judge` and does what it says. A letter is removed only after it was handed over. */
export async function review(
  letters: AsyncIterable<DeadLetter>,
  judge: (letter: DeadLetter) => Promise<Verdict>,
  actions: Actions,
): Promise<ReviewCounts> {
  const counts: ReviewCounts = { keep: 0, redrive: 0, discard: 0 }
  for await (const letter of letters) {
    const wanted = await judge(letter)
    const verdict = wanted === 'redrive' && !(await actions.redrive(letter)) ? 'keep' : wanted
    if (verdict !== 'keep') await actions.remove(letter)
    counts[verdict]++
  }
  return counts
}
