import type { Print } from './copy-table.ts'

/** One kind of thing on both sides. */
export interface Finding {
  what: string
  source: Print
  target: Print
}

export const isEqual = ({ source, target }: Finding) =>
  source.count === target.count && source.sha256 === target.sha256

/** A line for each kind that there is any of. */
export function describeFindings(findings: readonly Finding[]): string {
  const shown = findings.filter((it) => it.source.count + it.target.count > 0)
  const width = Math.max(...shown.map((it) => it.what.length))
  return shown
    .map((it) => {
      const { what, source, target } = it
      const verdict = isEqual(it) ? 'equal' : `DIFFERS: ${target.count} ${target.sha256.slice(0, 16)}`
      return `  ${what.padEnd(width)} ${String(source.count).padStart(8)}  ${source.sha256.slice(0, 16)}  ${verdict}`
    })
    .join('\n')
}
