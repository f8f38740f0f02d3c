import { expect, test } from 'vitest'
import { z } from 'zod'
import { describeService } from './describe-service.ts'

const any = z.record(z.string(), z.json())

const describeThings = () =>
  describeService({
    name: 'things',
    authorization: {},
    routes: (app) => {
      app.route({
        method: 'POST',
        url: '/v1/things',
        operation: 'createThing',
        auth: 'public',
        schema: {
          body: z.object({ data: any }).meta({ id: 'NewThing' }),
          response: { 201: z.object({ id: z.uuid(), data: any, more: z.json() }).meta({ id: 'Thing' }) },
        },
        handler: async (_, reply) => reply.code(201).send({ id: '', data: {}, more: null }),
      })
      app.route({
        method: 'PATCH',
        url: '/v1/things',
        operation: 'changeThing',
        auth: 'public',
        schema: { body: z.object({ data: any }) },
        handler: async () => ({}),
      })
    },
  })

test('every reference of the document leads to a component', async () => {
  const { paths, components } = await describeThings()
  const references = [...JSON.stringify({ paths, components }).matchAll(/"\$ref":"([^"]+)"/g)]
  const names = references.map(([, it = '']) => it.replace('#/components/schemas/', ''))
  expect(Object.keys(components?.['schemas'] ?? {})).toEqual(expect.arrayContaining(names))
  expect(names).toContain('JsonValue')
})
