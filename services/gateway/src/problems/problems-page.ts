import { createHash } from 'node:crypto'
import type { DocumentedProblem } from './problem-registry.ts'

const style =
  'body{font:1rem/1.5 system-ui;max-width:46rem;margin:2rem auto;padding:0 1rem}' +
  'h3{margin-bottom:0;font-family:ui-monospace,monospace}:target{background:#fe8}' +
  'blockquote{margin:.3rem 0;padding-left:.8rem;border-left:3px solid #bbb}small{color:#666}'

/** The page that the `type` of every problem points into: one heading for each code, whose anchor is the code. */
export function problemsPage(problems: readonly DocumentedProblem[]): string {
  const byStatus = [...Map.groupBy(problems, (it) => it.status)].sort(([one], [other]) => one - other)
  const body = byStatus.map(([status, of]) => section(status, of)).join('')
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>Problems of the Sandkeep API</title>
<style>${style}</style>
<h1>Problems</h1>
<p>Every error answer is <code>application/problem+json</code> (RFC 9457). Its <code>code</code> does not change: branch
on it, not on texts. <code>detail</code> is for people, <code>errors</code> says what is wrong with which field, and
<code>traceId</code> finds the request in the logs. The routes are described at <a href="/docs/">/docs</a>.</p>
${body}</html>
`
}

export const problemsPagePolicy = [
  "default-src 'none'",
  `style-src 'sha256-${createHash('sha256').update(style).digest('base64')}'`,
  "form-action 'none'",
  "frame-ancestors 'none'",
  "base-uri 'none'",
].join('; ')

function section(status: number, problems: readonly DocumentedProblem[]): string {
  const [{ title, advice } = { title: '', advice: '' }] = problems
  return `<h2>${status} ${escapeHtml(title)}</h2>\n<p>${prose(advice)}</p>\n${problems.map(entry).join('')}`
}

function entry({ code, from, about, messages }: DocumentedProblem): string {
  const said = messages.map((it) => `<blockquote>${escapeHtml(it)}</blockquote>\n`).join('')
  const meaning = about === undefined ? '' : `<p>${prose(about)}</p>\n`
  const id = escapeHtml(code)
  return `<h3 id="${id}">${id}</h3>\n${meaning}${said}<small>From ${escapeHtml(from)}.</small>\n`
}

const prose = (text: string): string => escapeHtml(text).replace(/`([^`]+)`/g, '<code>$1</code>')

const entities: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' }
const escapeHtml = (text: string): string => text.replace(/[&<>"]/g, (it) => entities[it] ?? it)
