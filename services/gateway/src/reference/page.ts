import { createHash } from 'node:crypto'
import { promisify } from 'node:util'
import { gunzip, gzip } from 'node:zlib'
import type { App } from '@sandkeep/service-kit'
import { fastify } from 'fastify'

const zip = promisify(gzip)
const unzip = promisify(gunzip)
const open = { auth: 'public', schema: { hide: true } } as const

interface Page {
  html: string
  /** Compressed once: it is served as often as the page, and a fifth of its size. */
  script: Buffer
  scriptTag: string
  contentSecurityPolicy: string
}

/**
 * Serves `/docs`: the document at `/openapi.json`, readable and with a form to try each route.
 * Everything comes from here; the policy forbids the page to ask anybody else.
 */
export function referencePage(app: App): void {
  let page: Promise<Page> | undefined
  // Not before somebody asks: the script costs 40 MB of memory and a tenth of a second.
  const load = (): Promise<Page> => {
    page ??= render()
    return page
  }

  app.route({
    method: 'GET',
    url: '/',
    operation: 'redirectToStart',
    ...open,
    handler: async (_request, reply) => reply.redirect('/docs/', 302),
  })

  app.route({
    method: 'GET',
    url: '/docs',
    operation: 'redirectToDocs',
    ...open,
    handler: async (_request, reply) => reply.redirect('/docs/', 301),
  })

  app.route({
    method: 'GET',
    url: '/docs/',
    operation: 'showDocs',
    ...open,
    handler: async (_request, reply) => {
      const { html, contentSecurityPolicy } = await load()
      return reply
        .type('text/html; charset=utf-8')
        .header('content-security-policy', contentSecurityPolicy)
        .send(html)
    },
  })

  app.route({
    method: 'GET',
    url: '/docs/js/scalar.js',
    operation: 'getDocsScript',
    ...open,
    handler: async (request, reply) => {
      const { script, scriptTag } = await load()
      reply.header('etag', scriptTag).header('cache-control', 'public, max-age=0, must-revalidate')
      if (request.headers['if-none-match'] === scriptTag) return reply.code(304).send()
      reply.type('application/javascript; charset=utf-8').header('vary', 'accept-encoding')
      const isGzipAccepted = /\bgzip\b/.test(request.headers['accept-encoding'] ?? '')
      return isGzipAccepted
        ? reply.header('content-encoding', 'gzip').send(script)
        : reply.send(await unzip(script))
    },
  })
}

async function render(): Promise<Page> {
  const { default: scalar } = await import('@scalar/fastify-api-reference')
  await using inner = fastify()
  await inner.register(scalar, {
    routePrefix: '/docs',
    configuration: {
      pageTitle: 'Sandkeep API',
      url: '/openapi.json',
      authentication: { preferredSecurityScheme: 'person' },
      withDefaultFonts: false,
      telemetry: false,
      hideClientButton: true,
      showDeveloperTools: 'never',
      agent: { disabled: true },
      mcp: { disabled: true },
    },
  })
  const html = await inner.inject('/docs/')
  const script = await inner.inject('/docs/js/scalar.js')
  return {
    html: html.body,
    script: await zip(script.rawPayload),
    scriptTag: `"${createHash('sha256').update(script.rawPayload).digest('base64url')}"`,
    contentSecurityPolicy: policyFor(html.body),
  }
}

// The one inline script is named by its hash, so that nothing injected runs.
function policyFor(html: string): string {
  const inline = [...html.matchAll(/<script type="text\/javascript">([\s\S]*?)<\/script>/g)].map(
    ([, code = '']) => code,
  )
  const hashes = inline.map((code) => `'sha256-${createHash('sha256').update(code).digest('base64')}'`)
  return [
    "default-src 'none'",
    `script-src 'self' ${hashes.join(' ')}`,
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data: blob:",
    "font-src 'self' data:",
    "connect-src 'self'",
    "worker-src 'self' blob:",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; ')
}
