import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { enginesSchema, portTable, reportSchema } from './table.ts'

// Prints port × adapter × engine × passed of one run, from the folder with its reports: STAGE.json of Vitest for
// each stage, and engines-set-up.json of `npm run engines`. Fails where something failed or was not run.
const [folder = '.'] = process.argv.slice(2)
const read = async (name: string): Promise<unknown> => JSON.parse(await readFile(join(folder, name), 'utf8'))
const setUp = 'engines-set-up.json'

const files = await readdir(folder)
const stages = files.filter((name) => name.endsWith('.json') && name !== setUp)
const reports = new Map(
  await Promise.all(
    stages.map(
      async (name) => [name.slice(0, -'.json'.length), reportSchema.parse(await read(name))] as const,
    ),
  ),
)
const engines = files.includes(setUp) ? enginesSchema.parse(await read(setUp)) : []
const lines = portTable({ directory: join(import.meta.dirname, '../..'), engines, reports })

const cells = [['port', 'adapter', 'engine', 'result'], ...lines.map((line) => line.cells)]
const widths = [0, 1, 2].map((column) => Math.max(...cells.map((row) => row[column]?.length ?? 0)))
for (const row of cells) {
  process.stdout.write(`${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  ')}\n`)
}
process.exitCode = lines.every((line) => line.holds) ? 0 : 1
