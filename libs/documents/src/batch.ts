const maxBatch = 1_000

export function checkBatch(count: number): void {
  if (count > maxBatch)
    throw new RangeError(`A call takes at most ${maxBatch} documents or ids, not ${count}`)
}

/** An engine cannot tell which of two rows with the same id it took. */
export function checkDistinct(ids: readonly string[]): void {
  if (new Set(ids).size < ids.length) throw new RangeError('A batch inserts an id only once')
}

export function checkNewer(version: number, ifVersion: number): void {
  if (!Number.isSafeInteger(version) || version <= ifVersion) {
    throw new RangeError(`A replacement of version ${ifVersion} has a greater version, not ${version}`)
  }
}
