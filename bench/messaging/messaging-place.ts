/** What every process of the bench works with. */
export interface MessagingPlace {
  brokerUrl: string
  databaseUrl: string
}

export interface Batch extends MessagingPlace {
  count: number
}

/** Sent before the clock runs, until what is hot is compiled. */
export const warmUpCount = 10_000
