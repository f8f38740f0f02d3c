const shortest = 6

/** The one of `names` that `given` is probably a slip of: another case, or one or two letters off. */
export function nearMiss(given: string, names: readonly string[]): string | undefined {
  const text = given.toUpperCase()
  return names.find((name) => text === name || (name.length >= shortest && isClose(text, name)))
}

function isClose(text: string, name: string): boolean {
  const most = name.length < 10 ? 1 : 2
  return Math.abs(text.length - name.length) <= most && distance(text, name) <= most
}

/** How many letters must be added, removed, changed or swapped with the next one. */
function distance(a: string, b: string): number {
  let before: number[] = []
  let row = Array.from({ length: b.length + 1 }, (_, j) => j)
  for (let i = 1; i <= a.length; i++) {
    const next = [i]
    for (let j = 1; j <= b.length; j++) {
      const at = (line: number[], index: number) => line[index] ?? Number.POSITIVE_INFINITY
      const change = at(row, j - 1) + (a[i - 1] === b[j - 1] ? 0 : 1)
      const isSwap = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]
      const swap = isSwap ? at(before, j - 2) + 1 : Number.POSITIVE_INFINITY
      next.push(Math.min(at(row, j) + 1, at(next, j - 1) + 1, change, swap))
    }
    before = row
    row = next
  }
  return row[b.length] ?? 0
}
