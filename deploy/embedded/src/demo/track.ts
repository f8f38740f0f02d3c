import { createReadStream } from 'node:fs'
import { readdir, readFile, stat } from 'node:fs/promises'
import { join, relative, sep } from 'node:path'
import { createInterface } from 'node:readline/promises'
import { z } from 'zod'

/** One exercise of a track in Exercism's layout. Paths are relative to the exercise. */
export interface Exercise {
  slug: string
  name: string
  /** What a learner starts with. */
  starter: ReadonlyMap<string, Buffer>
  /** The files to solve, with an answer to each. */
  solution: ReadonlyMap<string, Buffer>
}

/** The track cannot be read; the message says what is wrong with which file. */
export class TrackError extends Error {
  override readonly name = 'TrackError'
}

const listedSchema = z.object({ slug: z.string(), name: z.string() })
const trackSchema = z.object({
  exercises: z.object({ practice: z.array(listedSchema), concept: z.array(listedSchema) }),
})
const exerciseSchema = z.object({
  files: z.object({
    solution: z.array(z.string()),
    example: z.array(z.string()).optional(),
    exemplar: z.array(z.string()).optional(),
  }),
})
const lineSchema = z.object({ path: z.string(), text: z.string() })

type Files = Map<string, Buffer>

/**
 * Reads the exercises of a track, in the track's order, practice before concept ones: from a directory in Exercism's
 * layout, or from an `.ndjson` file with a `{ "path", "text" }` for each file of such a directory.
 */
export async function readTrack(path: string, limit: number): Promise<Exercise[]> {
  const info = await stat(path).catch(() => null)
  if (info === null) throw new TrackError(`There is no track at ${path}`)
  const files = info.isDirectory() ? await readDirectory(path) : await readLines(path)
  const { exercises } = parse(trackSchema, files, 'config.json')
  const listed = [
    ...exercises.practice.map((it) => ({ ...it, directory: `exercises/practice/${it.slug}/` })),
    ...exercises.concept.map((it) => ({ ...it, directory: `exercises/concept/${it.slug}/` })),
  ]
  return listed
    .slice(0, limit)
    .map(({ slug, name, directory }) => toExercise(files, { slug, name }, directory))
}

function toExercise(files: Files, named: { slug: string; name: string }, directory: string): Exercise {
  const { solution, example, exemplar } = parse(exerciseSchema, files, `${directory}.meta/config.json`).files
  const answers = example ?? exemplar ?? []
  const pairs = solution.flatMap((path, index) => {
    const answer = files.get(directory + (answers[index] ?? ''))
    return answer === undefined ? [] : [[path, answer] as const]
  })
  const own = [...files].filter(([path]) => path.startsWith(directory))
  const starter = own
    .map(([path, body]) => [path.slice(directory.length), body] as const)
    .filter(([path]) => !path.startsWith('.meta/') && !path.endsWith('.tpl'))
  if (pairs.length === 0)
    throw new TrackError(`${directory}.meta/config.json names no solution with an example`)
  return { ...named, starter: new Map(starter), solution: new Map(pairs) }
}

async function readDirectory(root: string): Promise<Files> {
  const entries = await readdir(root, { recursive: true, withFileTypes: true })
  const paths = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name))
  const files: Files = new Map()
  for (const path of paths.sort()) files.set(relative(root, path).split(sep).join('/'), await readFile(path))
  return files
}

async function readLines(path: string): Promise<Files> {
  const files: Files = new Map()
  for await (const line of createInterface({
    input: createReadStream(path),
    crlfDelay: Number.POSITIVE_INFINITY,
  })) {
    if (line === '') continue
    const file = lineSchema.safeParse(parseJson(line, path))
    if (!file.success) throw new TrackError(`${path} holds a line without "path" and "text"`)
    files.set(file.data.path, Buffer.from(file.data.text))
  }
  return files
}

function parse<T>(schema: z.ZodType<T>, files: Files, path: string): T {
  const body = files.get(path)
  if (body === undefined) throw new TrackError(`The track has no ${path}`)
  const parsed = schema.safeParse(parseJson(body.toString(), path))
  if (!parsed.success) throw new TrackError(`${path} of the track: ${z.prettifyError(parsed.error)}`)
  return parsed.data
}

function parseJson(text: string, where: string): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    throw new TrackError(`${where} of the track is not JSON`, { cause: error })
  }
}
