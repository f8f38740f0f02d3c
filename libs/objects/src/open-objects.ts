import type { Objects } from './objects.ts'

export async function openObjects(url: string): Promise<Objects> {
  throw new Error(`no adapter yet for ${url}`)
}
