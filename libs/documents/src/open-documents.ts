import type { Documents } from './documents.ts'

export async function openDocuments(url: string, options: { db: unknown }): Promise<Documents> {
  throw new Error(`no adapter yet for ${url} ${typeof options.db}`)
}
