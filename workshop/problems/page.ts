import type { RegisteredProblem } from './registry.ts'

/** What a caller does about a problem of that status. */
const advice: Record<number, string> = {
  400: 'Mend the request: `errors` names the fields. Repeating it unchanged fails again.',
  401: 'Get a new access token (refresh, or log in), then repeat the request.',
  403: 'Repeating it does not help: the account may not do this.',
  404: 'Check the address and the id. What you may not see does not exist for you.',
  408: 'Repeat the request, with the same Idempotency-Key.',
  409: 'Read the present state, then decide whether the request still makes sense.',
  412: 'Read the resource again, apply the change to it, and send its new `ETag` as `If-Match`.',
  413: 'Send less at once.',
  414: 'Send a shorter address.',
  415: 'Send the Content-Type that the API documents for the route.',
  422: 'Show `errors` to the person, who can mend the values.',
  428: 'Send the `ETag` that you read as `If-Match`.',
  429: 'Wait as many seconds as `Retry-After` says.',
  431: 'Send fewer or shorter headers.',
  500: 'Report it with its `traceId`. Repeating it is safe with the same Idempotency-Key or `If-Match`.',
  502: 'Repeat it with the same Idempotency-Key or `If-Match`: whether it was done is unknown.',
  503: 'Wait as many seconds as `Retry-After` says, then repeat it with the same Idempotency-Key or `If-Match`.',
  504: 'Repeat it with the same Idempotency-Key or `If-Match`: whether it was done is unknown.',
}

/** `docs/problems.md`. */
export function problemsPage(problems: RegisteredProblem[]): string {
  const byStatus = [...Map.groupBy(problems, (it) => it.status)].sort(([a], [b]) => a - b)
  return `${[introduction, ...byStatus.map(([status, all]) => section(status, all))].join('\n\n')}\n`
}

/** The same for programs: an array of `{ code, status, title, from, about?, messages, advice }`. */
export function problemsJson(problems: RegisteredProblem[]): string {
  const entries = problems.map((it) => ({ ...it, advice: advice[it.status] ?? '' }))
  return `${JSON.stringify(entries, null, 2)}\n`
}

const introduction = `# Problems

Every error answer is \`application/problem+json\` (RFC 9457) and has a \`code\` that does not change: branch on it, not
on texts. \`detail\` is for people, \`errors\` says what is wrong with which field, \`traceId\` finds the request in the logs.

This page is generated from the errors in the code: \`npm run gen\` writes it, \`npm run check\` finds it stale.`

function section(status: number, problems: RegisteredProblem[]): string {
  const title = `## ${status} ${problems[0]?.title ?? ''}\n\n${advice[status] ?? ''}`
  return [title, ...problems.map(entry)].join('\n\n')
}

function entry({ code, from, about, messages }: RegisteredProblem): string {
  const said = messages.map((it) => `> ${it.replaceAll('<', '&lt;')}`).join('\n>\n')
  return [`### ${code}`, ...(about ? [about] : []), ...(said ? [said] : []), `From: ${from}.`].join('\n\n')
}
