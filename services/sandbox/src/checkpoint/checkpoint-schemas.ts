import { pageOf, pageQuery } from '@sandkeep/service-kit'
import { z } from 'zod'
import { idempotencyKey, ifMatch } from '../headers.ts'
import {
  checkpointChangesBody,
  checkpointParams,
  checkpointView,
  newCheckpointBody,
} from './checkpoint-view.ts'

const params = z.object({ id: z.uuid() })
const noQuery = z.strictObject({})

export const listSchema = { params, querystring: pageQuery, response: { 200: pageOf(checkpointView) } }

export const createSchema = {
  description: 'Keeps the files as they are. Every byte is read back and compared before the answer.',
  params,
  headers: idempotencyKey,
  querystring: noQuery,
  body: newCheckpointBody.optional(),
  response: { 201: checkpointView },
}

export const readSchema = {
  params: checkpointParams,
  querystring: noQuery,
  response: { 200: checkpointView },
}

export const editSchema = {
  description: 'Changes the name or the pin; the files of a checkpoint never change.',
  params: checkpointParams,
  headers: ifMatch,
  querystring: noQuery,
  body: checkpointChangesBody,
  response: { 200: checkpointView },
}

export const deleteSchema = {
  params: checkpointParams,
  headers: ifMatch,
  querystring: noQuery,
  response: { 204: z.undefined() },
}
