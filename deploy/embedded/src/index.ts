export { type Config, configSchema } from './config.ts'
export { createLoggers, type Loggers } from './log.ts'
export { type Product, startProduct } from './product.ts'
