import cors from '@fastify/cors'
import Fastify, {
  type FastifyBaseLogger,
  type FastifyReply,
  type FastifyRequest,
  LogController,
} from 'fastify'
import type { ZodTypeProvider } from 'fastify-type-provider-zod'
import type { Actor } from '../auth/actor.ts'
import type { Access, Authorization } from '../auth/authorization.ts'
import type { ServiceTokens } from '../auth/service-token.ts'
import type { TokenVerifier } from '../auth/token-verifier.ts'
import type { Host } from '../boot/host.ts'
import { type HttpConfig, httpEnv } from '../config/fragments.ts'
import { context } from '../context/context.ts'
import { traceIdOf } from '../context/traceparent.ts'
import { DomainError } from '../problem/domain-error.ts'
import { problemType, toProblem } from '../problem/problem.ts'
import type { App } from './app.ts'
import { createAuthenticate } from './authenticate.ts'
import { refuseDeepBodies } from './body-depth.ts'
import { limitConcurrency } from './concurrency.ts'
import { healthRoutes } from './health.ts'
import { measureRequests } from './metrics.ts'
import { describeRoutes, openApiDocument, openApiRoute } from './openapi.ts'
import { contextOf, requestId, traceOf } from './request-context.ts'
import { createRouteRules } from './route-rules.ts'
import { serializerCompiler, validatorCompiler } from './validation.ts'

export interface AppOptions {
  /** The service's name: the audience of service tokens and the tag of its operations. */
  name: string
  authorization: Authorization
  host: Pick<Host, 'log' | 'metrics' | 'health'>
  config?: HttpConfig
  /** Without it no token of a person is accepted. */
  verifier?: TokenVerifier
  /** Without it no service is let in. */
  serviceTokens?: ServiceTokens
  /** What `/openapi.json` answers, as JSON, when that is not the app's own document. */
  openApi?: () => Promise<string>
}

const handlerTimeoutMs = 8_000
const bodyLimitBytes = 1_048_576

/**
 * An app with everything that all services share: validation and OpenAPI from zod schemas, problems for every error,
 * authentication by the authorization matrix, trace and request ids, health, metrics, limits.
 * Add routes with `app.route({ operation, auth?, … })`; `app.ready()` throws when a route has no auth rule.
 */
export async function createApp(options: AppOptions): Promise<App> {
  const { name, host, authorization, config = httpEnv.parse({}) } = options
  const loggerInstance: FastifyBaseLogger = host.log
  const app: App = Fastify({
    loggerInstance,
    logController: new LogController({ disableRequestLogging: true }),
    genReqId: (request) => requestId(request.headers['x-request-id']),
    trustProxy: config.TRUSTED_PROXIES,
    bodyLimit: bodyLimitBytes,
    requestTimeout: 60_000,
    keepAliveTimeout: 75_000,
    handlerTimeout: handlerTimeoutMs,
    routerOptions: { maxParamLength: 2_048 },
    return503OnClosing: true,
    frameworkErrors: answerError,
  }).withTypeProvider<ZodTypeProvider>()

  app.setValidatorCompiler(validatorCompiler)
  app.setSerializerCompiler(serializerCompiler)
  app.setErrorHandler(answerError)
  app.setNotFoundHandler((request) => {
    throw new RouteNotFoundError(request.method, request.url)
  })
  const rules = createRouteRules(authorization)
  app.addHook('onRoute', (route) => {
    if (route.method !== 'HEAD' && route.method !== 'OPTIONS') rules.check(route)
    route.config = {
      ...route.config,
      ...(route.operation && { operation: route.operation }),
      ...(route.auth && { auth: route.auth }),
    }
  })
  app.addHook('onReady', async () => rules.enforce())

  limitConcurrency(app, config.MAX_CONCURRENT_REQUESTS)
  identifyRequests(app, options)
  refuseDeepBodies(app)
  measureRequests(app, host.metrics)
  await app.register(cors, {
    origin: config.CORS_ORIGINS,
    credentials: true,
    exposedHeaders: ['etag', 'location', 'retry-after', 'x-request-id', 'ratelimit', 'ratelimit-policy'],
  })
  await describeRoutes(app, name)
  healthRoutes(app, host.health, host.metrics)
  openApiRoute(app, options.openApi ?? (async () => JSON.stringify(openApiDocument(app))))
  return app

  function answerError(error: unknown, request: FastifyRequest, reply: FastifyReply) {
    const path = request.url.split('?', 1)[0] ?? ''
    const traceId = request.traceparent ? traceIdOf(request.traceparent) : undefined
    const { problem, logAs, retryAfterSeconds } = toProblem(error, { path, ...(traceId && { traceId }) })
    if (logAs) host.log[logAs]({ err: error, method: request.method, path, traceId }, 'request failed')
    if (retryAfterSeconds) reply.header('retry-after', retryAfterSeconds)
    if (problem.status === 401) reply.header('www-authenticate', 'Bearer')
    return reply.code(problem.status).type(problemType).serializer(JSON.stringify).send(problem)
  }
}

/** Gives each request its ids, finds out who asks, and runs what follows in the request's context. */
function identifyRequests(app: App, { serviceTokens, authorization, verifier }: AppOptions): void {
  const authenticate = createAuthenticate({
    authorization,
    ...(verifier && { verifier }),
    ...(serviceTokens && { serviceTokens }),
  })
  app.decorateRequest('caller')
  app.decorateRequest('traceparent')
  app.decorateRequest('actor', { getter: personActor })
  app.decorateRequest('access', { getter: personAccess })
  app.addHook('onRequest', async (request, reply) => {
    reply.header('x-request-id', request.id)
    request.traceparent = await traceOf(request, serviceTokens)
    await authenticate(request)
  })
  app.addHook('preValidation', (request, _reply, done) => context.run(contextOf(request), done))
}

function personActor(this: FastifyRequest): Actor {
  return personOf(this).actor
}

function personAccess(this: FastifyRequest): Access {
  return personOf(this).access
}

function personOf({ caller }: FastifyRequest) {
  if (caller.kind !== 'person') throw new TypeError('this route is not for persons')
  return caller
}

class RouteNotFoundError extends DomainError {
  override readonly name = 'RouteNotFoundError'
  constructor(method: string, url: string) {
    super({
      kind: 'not_found',
      code: 'route_not_found',
      message: `There is no ${method} ${url.split('?', 1)[0]}.`,
    })
  }
}
