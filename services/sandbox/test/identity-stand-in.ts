import { once } from 'node:events'
import { createServer } from 'node:http'
import type { TestTokens } from '@sandkeep/service-kit/testing'
import type { Account } from '../src/account-reference/account.ts'

export interface IdentityStandIn {
  url: string
  accounts: Map<string, Account & { username: string }>
  /** Paths that were asked for. */
  asked: string[]
}

/** Answers what this service asks identity, as identity does: keys, an account, all accounts in pages of two. */
export async function startIdentityStandIn(
  stack: AsyncDisposableStack,
  tokens: TestTokens,
): Promise<IdentityStandIn> {
  const accounts: IdentityStandIn['accounts'] = new Map()
  const asked: string[] = []
  const pageOf = (after: string | null) => {
    const later = [...accounts.values()].filter(({ id }) => after === null || id > after)
    const items = later.sort((a, b) => (a.id < b.id ? -1 : 1)).slice(0, 2)
    return { items, ...(items.length === 2 ? { nextAfter: items[1]?.id } : {}) }
  }
  const answerTo = (url: URL): unknown => {
    if (url.pathname === '/.well-known/jwks.json') return tokens.jwks
    if (url.pathname === '/internal/v1/users') return pageOf(url.searchParams.get('after'))
    return accounts.get(url.pathname.replace('/internal/v1/users/', ''))
  }
  const server = createServer((request, reply) => {
    asked.push(request.url ?? '')
    const answer = answerTo(new URL(request.url ?? '', 'http://identity'))
    reply.writeHead(answer === undefined ? 404 : 200, { 'content-type': 'application/json' })
    reply.end(JSON.stringify(answer ?? {}))
  })
  stack.defer(() => void server.close())
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const address = server.address()
  const port = typeof address === 'object' ? address?.port : undefined
  return { url: `http://127.0.0.1:${port}`, accounts, asked }
}
