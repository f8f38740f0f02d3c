export { answerOf, type ClientOptions, createClient, type SandkeepClient } from './client.ts'
export type { components, paths } from './generated/schema.ts'
export { ProblemError } from './problem-error.ts'
export type { Tokens } from './session.ts'
