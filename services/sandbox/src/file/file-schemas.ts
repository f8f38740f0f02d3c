import { pageOf, pageQuery } from '@sandkeep/service-kit'
import { z } from 'zod'
import { idempotencyKey } from '../headers.ts'
import { changedFilesView, changesBody, fileView, moveBody, treeView } from './file-view.ts'

const noQuery = z.strictObject({})
const sandboxParams = z.object({ id: z.uuid() })
const params = sandboxParams.extend({
  '*': z.string().describe('The file’s path, with its slashes'),
})

const anyType = ['application/octet-stream']
const content = z.any().meta({ type: 'string', format: 'binary' })

export const treeSchema = { params: sandboxParams, querystring: noQuery, response: { 200: treeView } }

export const readSchema = {
  description: 'The bytes of a file, of its current version unless another is named. Also with HEAD.',
  params,
  querystring: z.strictObject({
    version: z.coerce.number().int().min(1).max(2_147_483_647).optional(),
  }),
  headers: z.looseObject({ 'if-none-match': z.string().optional().describe('ETags that you have already') }),
  produces: anyType,
  response: { 200: content, 304: z.undefined() },
}

export const putSchema = {
  description: 'Writes a file: the body is its bytes, Content-Type its media type.',
  params,
  querystring: noQuery,
  headers: z.looseObject({
    'if-match': z
      .string()
      .optional()
      .describe('The ETag that you read, or * to overwrite whatever is there; required when the file exists'),
    'if-none-match': z.string().optional().describe('*: only if there is no such file'),
  }),
  consumes: anyType,
  body: content,
  response: { 200: fileView, 201: fileView },
}

export const deleteSchema = {
  params,
  querystring: noQuery,
  headers: z.looseObject({ 'if-match': z.string().optional().describe('The ETag that you read, or *') }),
  response: { 204: z.undefined() },
}

export const versionsSchema = {
  description: 'The versions of the file at this path, newest first, also when it is deleted.',
  params,
  querystring: pageQuery,
  response: { 200: pageOf(fileView) },
}

const editHeaders = idempotencyKey.extend({
  'if-match': z
    .string()
    .optional()
    .describe('The sandbox’s ETag, or *; without it every file that exists needs its ifVersion'),
})

export const moveSchema = {
  params: sandboxParams,
  headers: editHeaders,
  querystring: noQuery,
  body: moveBody,
  response: { 200: changedFilesView },
}

export const changesSchema = {
  description: 'Changes several files in order: all of them or none.',
  params: sandboxParams,
  headers: editHeaders,
  querystring: noQuery,
  body: changesBody,
  response: { 200: changedFilesView },
}
