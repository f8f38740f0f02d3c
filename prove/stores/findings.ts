import { z } from 'zod'

const count = z.int().nonnegative()

/** What must not be; all zero when everything held. */
export const findingsSchema = z.object({
  /** Acknowledged, and not there any more. */
  lost: count,
  /** Not what was written, or half of what belongs together. */
  torn: count,
  /** There, and never asked for, or refused. */
  invented: count,
  /** Answers that took longer than 5 s, or never came. */
  late: count,
  /** Faults after whose end nothing worked within 10 s. */
  slowRecoveries: count,
  /** Rounds after which more connections were open than the client may hold. */
  leaks: count,
  /** Answers that a service may not give, and processes that ended. */
  wrongAnswers: count,
})
export type Findings = z.infer<typeof findingsSchema>

export const noFindings: Findings = {
  lost: 0,
  torn: 0,
  invented: 0,
  late: 0,
  slowRecoveries: 0,
  leaks: 0,
  wrongAnswers: 0,
}

/** What was found, in words; empty when nothing was. */
export const describeFindings = (findings: Findings): string =>
  Object.entries(findings)
    .filter(([, n]) => n > 0)
    .map(([name, n]) => `${n} ${name}`)
    .join(', ')
