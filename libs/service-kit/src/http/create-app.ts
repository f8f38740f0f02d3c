import Fastify, { type FastifyBaseLogger, LogController } from 'fastify'
import type { ZodTypeProvider } from 'fastify-type-provider-zod'
import type { Authorization } from '../auth/authorization.ts'
import type { ServiceTokens } from '../auth/service-token.ts'
import type { TokenVerifier } from '../auth/token-verifier.ts'
import type { Host } from '../boot/host.ts'
import { type HttpConfig, httpEnv } from '../config/fragments.ts'
import { DomainError } from '../problem/domain-error.ts'
import type { App } from './app.ts'
import { refuseDeepBodies } from './body-depth.ts'
import { hangUpWhenClosing } from './closing.ts'
import { limitConcurrency } from './concurrency.ts'
import { allowOrigins } from './cors.ts'
import { limitDuration } from './duration.ts'
import { answerConnectionError, createErrorHandler } from './error-answers.ts'
import { healthRoutes } from './health.ts'
import { identifyRequests } from './identify.ts'
import { measureConcurrency, measureRequests } from './metrics.ts'
import { describeRoutes, openApiRoute, ownDocument } from './openapi.ts'
import { requestId } from './request-context.ts'
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
  const answerError = createErrorHandler(host.log)
  const app: App = Fastify({
    loggerInstance,
    logController: new LogController({ disableRequestLogging: true }),
    // Every line tells its request's ids by its context; a child for each request would be made for nothing.
    childLoggerFactory: (logger) => logger,
    genReqId: (request) => requestId(request.headers['x-request-id']),
    trustProxy: config.TRUSTED_PROXIES,
    bodyLimit: bodyLimitBytes,
    requestTimeout: 60_000,
    keepAliveTimeout: 75_000,
    routerOptions: { maxParamLength: 2_048 },
    // What still comes over an open connection is answered; the connection is closed with the answer.
    return503OnClosing: false,
    frameworkErrors: answerError,
    clientErrorHandler: answerConnectionError,
  }).withTypeProvider<ZodTypeProvider>()

  app.setValidatorCompiler(validatorCompiler)
  app.setSerializerCompiler(serializerCompiler)
  app.setErrorHandler(answerError)
  app.setNotFoundHandler((request) => {
    throw new RouteNotFoundError(request.method, request.url)
  })
  enforceRules(app, authorization)
  hangUpWhenClosing(app)
  // First, so that a page of another origin can also read why it was refused.
  await allowOrigins(app, config.CORS_ORIGINS)
  limitDuration(app, handlerTimeoutMs)
  measureConcurrency(host.metrics, limitConcurrency(app, config.MAX_CONCURRENT_REQUESTS))
  identifyRequests(app, options)
  refuseDeepBodies(app)
  measureRequests(app, host.metrics)
  await describeRoutes(app, name)
  healthRoutes(app, host.health, host.metrics)
  openApiRoute(app, options.openApi ?? ownDocument(app))
  return app
}

function enforceRules(app: App, authorization: Authorization): void {
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
