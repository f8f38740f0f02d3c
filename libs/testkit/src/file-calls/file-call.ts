export type FileCallKind = 'make-directory' | 'flush' | 'rename' | 'link' | 'unlink' | 'say'

/** One call by which a process changed files, or wrote to its standard output ("say"). */
export interface FileCall {
  kind: FileCallKind
  /** The file or directory; of a rename or link its new name; of "say" the text. */
  path: string
  ok: boolean
  /** Where the call began and ended in the order of all beginnings and ends. */
  start: number
  end: number
}

/** The first such call that began after `before` had ended. Throws, listing the calls, when there is none. */
export function callAfter(
  calls: FileCall[],
  before: FileCall | null,
  wanted: { kind: FileCallKind; path: string | RegExp; ok?: boolean },
): FileCall {
  const { kind, path, ok = true } = wanted
  const isAt = (at: string) => (typeof path === 'string' ? at === path : path.test(at))
  const found = calls.find(
    (call) => call.start > (before?.end ?? -1) && call.kind === kind && call.ok === ok && isAt(call.path),
  )
  if (found) return found
  const list = calls.map((call) => `${call.start}-${call.end} ${call.kind} ${call.path} ${call.ok}`)
  throw new Error(`no ${kind} of ${path} after ${before?.kind} ${before?.path}:\n${list.join('\n')}`)
}
