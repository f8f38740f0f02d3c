import { z } from 'zod'

const environment = z.record(z.string(), z.string())

/** What the process of the services is told when it is started, as its only argument. */
export const servicesOptions = z.object({
  busUrl: z.string(),
  identity: environment,
  sandbox: environment,
})
export type ServicesOptions = z.infer<typeof servicesOptions>
