import { debianRoot, releases } from './debian-root.ts'

/** Fetches what the engines need before any test's time counts. Where that fails, the tests that need it say why. */
export async function setup(): Promise<void> {
  await Promise.allSettled(releases.map(debianRoot))
}
