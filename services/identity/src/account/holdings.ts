/** What of a person lives on with another service. */
export interface Holding {
  owner: string
  kind: string
  count: number
  sample: string[]
}

/** Everything that lives on, asked live. Throws when an owner gives no answer: silence is not "nothing". */
export type AskHoldings = (userId: string) => Promise<Holding[]>
