import type { App } from '@sandkeep/service-kit'
import type { DocumentedProblem } from './problem-registry.ts'
import { problemsPage, problemsPagePolicy } from './problems-page.ts'

/** `/problems`: what each problem code means and what to do. As JSON for whoever asks for it. */
export function problemRoutes(app: App, problems: readonly DocumentedProblem[]): void {
  const page = problemsPage(problems)
  app.route({
    method: 'GET',
    url: '/problems',
    operation: 'showProblems',
    auth: 'public',
    schema: { hide: true },
    handler: async (request, reply) => {
      reply.header('vary', 'accept').header('cache-control', 'public, max-age=300')
      if (request.headers.accept?.startsWith('application/json')) return problems
      return reply
        .type('text/html; charset=utf-8')
        .header('content-security-policy', problemsPagePolicy)
        .send(page)
    },
  })
}
