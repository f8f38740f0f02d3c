import type { Stage, Verdict } from './stage.ts'

const longestDetails = 12_000

/** Runs every stage, also after one failed, and prints a line for each. Resolves to the names that failed. */
export async function runStages(stages: Stage[], print: (line: string) => void): Promise<string[]> {
  const failed: string[] = []
  const width = Math.max(...stages.map((it) => it.name.length))
  for (const stage of stages) {
    const started = performance.now()
    const verdict = await judge(stage)
    const seconds = ((performance.now() - started) / 1000).toFixed(1).padStart(6)
    print(
      `${verdict.ok ? 'ok    ' : 'FAILED'} ${stage.name.padEnd(width)} ${seconds} s  ${verdict.summary}`.trimEnd(),
    )
    if (verdict.details) print(indent(verdict.details))
    if (!verdict.ok) failed.push(stage.name)
  }
  return failed
}

async function judge(stage: Stage): Promise<Verdict> {
  try {
    return await stage.run()
  } catch (error) {
    return { ok: false, summary: error instanceof Error ? error.message : String(error) }
  }
}

function indent(text: string): string {
  const cut =
    text.length > longestDetails
      ? `${text.slice(0, longestDetails)}\n… ${text.length} characters in all`
      : text
  return cut.trimEnd().replace(/^/gm, '         ')
}
