export type { Actor, Caller } from './auth/actor.ts'
export {
  type Access,
  type Authorization,
  authorizationCells,
  type Cell,
  defineAuthorization,
  type Role,
  roles,
} from './auth/authorization.ts'
export {
  createServiceCaller,
  type ServiceAsk,
  type ServiceCaller,
  type ServiceTarget,
  ServiceUnavailableError,
} from './auth/service-caller.ts'
export { createServiceTokens, type ServiceTokens, serviceTokenHeader } from './auth/service-token.ts'
export {
  type AccessClaims,
  accessTokenAudience,
  accessTokenType,
  createTokenVerifier,
  type TokenVerifier,
  type TokenVerifierOptions,
} from './auth/token-verifier.ts'
export { createHost, type Host } from './boot/host.ts'
export { type Build, listen, runService, type Service } from './boot/run-service.ts'
export { schedule, type Task } from './boot/schedule.ts'
export { type Shutdown, type ShutdownPhase, shutdownPhases } from './boot/shutdown.ts'
export { widenThreadPool } from './boot/thread-pool.ts'
export { whenAvailable } from './boot/when-available.ts'
export { envTable } from './config/env-table.ts'
export {
  type AuthConfig,
  authEnv,
  busEnv,
  cacheEnv,
  documentsEnv,
  type HttpConfig,
  httpEnv,
  objectsEnv,
  postgresEnv,
} from './config/fragments.ts'
export { ConfigError, readConfig } from './config/read-config.ts'
export { Secret, secret } from './config/secret.ts'
export { context, type RequestContext } from './context/context.ts'
export { isTraceparent, newTraceparent, traceIdOf } from './context/traceparent.ts'
export { requireAccess } from './http/access.ts'
export type { App, RouteAuth } from './http/app.ts'
export { type AppOptions, createApp } from './http/create-app.ts'
export { describeService } from './http/describe-service.ts'
export { etag, requireVersion, StaleVersionError } from './http/etag.ts'
export { createHealth, type Health, type HealthState } from './http/health.ts'
export {
  type Answer,
  earlierAnswer,
  IdempotencyKeyInFlightError,
  idempotencyRow,
  idempotent,
  pruneIdempotencyKeys,
} from './http/idempotency.ts'
export { measurePool } from './http/metrics.ts'
export { type OpenApiDocument, openApiDocument } from './http/openapi.ts'
export {
  type Cursors,
  createCursors,
  createPages,
  InvalidCursorError,
  pageOf,
  pageQuery,
} from './http/pagination.ts'
export { OverloadedError, Semaphore, type SemaphoreOptions } from './http/semaphore.ts'
export { createLogger } from './log/create-logger.ts'
export { migrations } from './migrations.ts'
export {
  DomainError,
  type DomainErrorFacts,
  type ErrorKind,
  type FieldError,
} from './problem/domain-error.ts'
export { HttpError } from './problem/framework-errors.ts'
export { type Problem, problemSchema, problemType, toProblem } from './problem/problem.ts'
export { statusOf, titles } from './problem/status.ts'
