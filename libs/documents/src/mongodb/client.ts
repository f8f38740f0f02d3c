import { MongoClient, type MongoClientOptions, ReadPreference } from 'mongodb'

export interface MongoAddress {
  url: string
  /** The path of the URL. */
  database: string | undefined
  /** Longest time that one call takes. */
  timeoutMs: number
}

const defaultTimeoutMs = 4_500

/** Reads `mongodb://host/database?timeoutMS=…`; the driver, which has no such time, does not get to see it. */
export function parseAddress(text: string): MongoAddress {
  const [base = '', query = ''] = text.split('?', 2)
  const options = query.split('&').filter((it) => it !== '')
  const timeout = options.find((it) => /^timeoutMS=\d+$/i.test(it))
  const [, database] = /^mongodb(?:\+srv)?:\/\/[^/]+\/(.+)/.exec(base) ?? []
  return {
    url: `${base}?${options.filter((it) => it !== timeout).join('&')}`,
    database: database === undefined ? undefined : decodeURIComponent(database),
    timeoutMs: timeout === undefined ? defaultTimeoutMs : Number(timeout.split('=')[1]),
  }
}

/**
 * What the port promises rests on these, so they win over the URL. A write is acknowledged once it is in the journals
 * of a majority; reads see nothing that a failover could undo. Everything that waits ends before the call does.
 */
export function createClient({ url, timeoutMs }: MongoAddress, own: MongoClientOptions = {}): MongoClient {
  const options: MongoClientOptions = {
    writeConcern: { w: 'majority', journal: true, wtimeoutMS: timeoutMs },
    readConcern: { level: 'majority' },
    readPreference: ReadPreference.primary,
    retryReads: true,
    retryWrites: true,
    serverSelectionTimeoutMS: Math.ceil(timeoutMs / 2),
    waitQueueTimeoutMS: Math.ceil(timeoutMs / 2),
    socketTimeoutMS: timeoutMs,
    connectTimeoutMS: 2_000,
    heartbeatFrequencyMS: 2_000,
    ...own,
  }
  return new MongoClient(url, options)
}
