import { pageOf, pageQuery } from '@sandkeep/service-kit'
import { z } from 'zod'
import { idempotencyKey, ifMatch } from '../headers.ts'
import {
  extensionBody,
  newSandboxBody,
  sandboxParams as params,
  sandboxChangesBody,
  sandboxFilterQuery,
  sandboxView,
} from './sandbox-view.ts'

const noQuery = z.strictObject({})
const noBody = z.strictObject({}).optional()

export const listSchema = {
  querystring: pageQuery.extend(sandboxFilterQuery),
  response: { 200: pageOf(sandboxView) },
}

export const createSchema = {
  headers: idempotencyKey,
  querystring: noQuery,
  body: newSandboxBody,
  response: { 201: sandboxView },
}

export const readSchema = { params, querystring: noQuery, response: { 200: sandboxView } }

export const editSchema = {
  params,
  headers: ifMatch,
  querystring: noQuery,
  body: sandboxChangesBody,
  response: { 200: sandboxView },
}

export const deleteSchema = {
  params,
  headers: ifMatch,
  querystring: noQuery,
  response: { 200: sandboxView.describe('Deleted; until `recoverableUntil` it can be resumed') },
}

export const commandSchema = {
  params,
  headers: idempotencyKey,
  querystring: noQuery,
  body: noBody,
  response: { 200: sandboxView },
}

export const extendSchema = { ...commandSchema, body: extensionBody.optional() }
