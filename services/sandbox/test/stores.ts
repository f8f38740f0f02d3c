/** The stores that the harnesses open; a suite that runs on another engine says so before its tests. */
export const stores = { documentsUrl: 'postgres:' }
