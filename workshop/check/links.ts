import { readFile } from 'node:fs/promises'
import { dirname, join, normalize } from 'node:path'
import { listFiles, root } from '../repository.ts'
import { inspect } from './stage.ts'

/** Every link of a Markdown page to a file or a heading of this repository leads somewhere. */
export const links = inspect('links', async () => {
  const files = await listFiles()
  const pages = new Map<string, string>()
  for (const name of files.filter((it) => it.endsWith('.md'))) {
    pages.set(name, await readFile(join(root, name), 'utf8'))
  }
  const problems = findDeadLinks(pages, new Set(files.flatMap(withFolders)))
  return { problems, summary: `${pages.size} pages` }
})

export function findDeadLinks(pages: Map<string, string>, paths: Set<string>): string[] {
  return [...pages].flatMap(([page, text]) =>
    targetsOf(text).flatMap((target) => {
      const [file = '', heading] = target.split('#')
      const path = file === '' ? page : normalize(join(dirname(page), file)).replace(/\/$/, '')
      if (!paths.has(path)) return [`${page}: ${target} leads to no file`]
      const there = pages.get(path)
      if (heading && there !== undefined && !anchorsOf(there).has(heading)) {
        return [`${page}: ${target} leads to no heading`]
      }
      return []
    }),
  )
}

function targetsOf(markdown: string): string[] {
  const targets = [...withoutCode(markdown).matchAll(/\]\(([^)\s]+)[^)]*\)/g)].map((it) => it[1] ?? '')
  return targets.filter((it) => !/^[a-z]+:/.test(it)).map((it) => decodeURIComponent(it))
}

function anchorsOf(markdown: string): Set<string> {
  const headings = [...markdown.replace(/^```[\s\S]*?^```/gm, '').matchAll(/^#+\s+(.*)$/gm)]
  return new Set(headings.map((it) => slug(it[1] ?? '')))
}

// As GitHub makes anchors of headings.
const slug = (heading: string) =>
  heading
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\s_-]/gu, '')
    .trim()
    .replace(/\s/g, '-')

const withoutCode = (markdown: string) => markdown.replace(/^```[\s\S]*?^```/gm, '').replace(/`[^`\n]*`/g, '')

function withFolders(file: string): string[] {
  const parts = file.split('/')
  return ['.', ...parts.map((_, index) => parts.slice(0, index + 1).join('/'))]
}
