import { tempDirectory } from '@sandkeep/testkit'

/** The stores that the harnesses open; a suite that runs on another engine says so before its tests. */
export const stores = {
  documentsUrl: 'postgres:',
  /** Of objects of a test's own. */
  objectsUrl: async (stack: AsyncDisposableStack): Promise<string> => `file:${await tempDirectory(stack)}`,
}
