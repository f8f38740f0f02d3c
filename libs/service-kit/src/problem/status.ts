import type { ErrorKind } from './domain-error.ts'

/** The HTTP status of each kind of error. */
export const statusOf: Readonly<Record<ErrorKind, number>> = {
  malformed: 400,
  invalid: 422,
  unauthenticated: 401,
  forbidden: 403,
  not_found: 404,
  conflict: 409,
  stale: 412,
  precondition_required: 428,
  too_large: 413,
  limited: 429,
  unavailable: 503,
}

/** The title of a problem, by its status. */
export const titles: Readonly<Record<number, string>> = {
  400: 'The request is malformed',
  401: 'Authentication is needed',
  403: 'Not allowed',
  404: 'Not found',
  405: 'Method not allowed',
  408: 'The request took too long to arrive',
  409: 'In conflict with the present state',
  412: 'The resource has changed',
  413: 'Too large',
  414: 'The address is too long',
  415: 'Media type not supported',
  422: 'A rule is broken',
  428: 'A precondition is needed',
  429: 'Too many requests',
  431: 'The headers are too large',
  500: 'Something broke on our side',
  502: 'No answer from a service behind this one',
  503: 'Not available just now',
  504: 'No answer in time from a service behind this one',
}
