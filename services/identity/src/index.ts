export { build, type Identity } from './app.ts'
export { type Config, configSchema } from './config.ts'
export { describe } from './describe.ts'
export { openAccessTokenIssuer } from './session/open-access-token-issuer.ts'
