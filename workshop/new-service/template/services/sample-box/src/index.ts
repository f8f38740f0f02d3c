export { build } from './app.ts'
export { type Config, configSchema } from './config.ts'
export { describe } from './describe.ts'
