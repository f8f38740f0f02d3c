export { build } from './app.ts'
export { type Config, configSchema } from './config.ts'
export { describeFleet } from './describe.ts'
