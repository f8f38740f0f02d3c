/** The stores that the harness opens instead of its own; a suite that runs on another engine says so before its tests. */
export const stores: { objectsUrl?: string } = {}
