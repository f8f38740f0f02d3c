import { z } from 'zod'
import type { FileVersion } from './file.ts'
import { fileTypeOf, mediaTypePattern } from './media-type.ts'

export const fileView = z
  .object({
    path: z.string(),
    version: z.int().describe('Of the file at this path, from 1; its ETag'),
    sizeBytes: z.int(),
    sha256: z.string(),
    mediaType: z.string(),
    fileType: z.string().describe('For an editor: erlang, elixir, markdown, text, binary, …'),
    encoding: z.enum(['utf-8', 'binary']),
    updatedAt: z.iso.datetime(),
    updatedBy: z.uuid().optional(),
  })
  .meta({ id: 'File' })

export const treeView = z
  .object({
    sandboxId: z.uuid(),
    sandboxVersion: z.int(),
    items: z.array(fileView).describe('All files, in byte order of the path'),
  })
  .meta({ id: 'Tree' })

export const changedFilesView = z
  .object({
    sandboxVersion: z.int(),
    changed: z.array(fileView),
    deleted: z.array(z.string()).describe('Paths that are gone'),
  })
  .meta({ id: 'ChangedFiles' })

const pathField = z.string().min(1).max(2_048)
const versionField = z
  .int()
  .min(1)
  .max(2_147_483_647)
  .optional()
  .describe('Refused unless the file is at this version')

const actions = ['content', 'contentBase64', 'delete', 'moveFrom'] as const

export const changeBody = z
  .strictObject({
    path: pathField,
    content: z
      .string()
      .refine((text) => text.isWellFormed(), 'must be well-formed Unicode')
      .optional()
      .describe('Text to write'),
    contentBase64: z.base64().optional().describe('Bytes to write'),
    delete: z.literal(true).optional(),
    moveFrom: pathField.optional().describe('A file, or a folder with all below it'),
    mediaType: z
      .string()
      .max(100)
      .regex(mediaTypePattern)
      .optional()
      .describe('Of written content; else by the extension'),
    ifVersion: versionField,
    ifAbsent: z.literal(true).optional().describe('Refused when the file exists'),
  })
  .refine((it) => actions.filter((action) => it[action] !== undefined).length === 1, {
    message: 'must have exactly one of content, contentBase64, delete and moveFrom',
  })
  .refine((it) => it.ifVersion === undefined || it.ifAbsent === undefined, {
    path: ['ifAbsent'],
    message: 'must be absent when ifVersion is given',
  })

export type ChangeBody = z.infer<typeof changeBody>

export const changesBody = z
  .strictObject({ changes: z.array(changeBody).min(1).max(500) })
  .meta({ id: 'FileChanges' })

export const moveBody = z
  .strictObject({
    from: pathField.describe('A file, or a folder with all below it'),
    to: pathField,
    ifVersion: versionField,
  })
  .meta({ id: 'FileMove' })

export type FileView = z.infer<typeof fileView>

export function toFileView(file: FileVersion): FileView {
  return {
    path: file.path,
    version: file.version,
    sizeBytes: file.sizeBytes,
    sha256: file.sha256,
    mediaType: file.mediaType,
    fileType: fileTypeOf(file.path, file.encoding),
    encoding: file.encoding,
    updatedAt: file.createdAt.toISOString(),
    ...(file.createdBy === null ? {} : { updatedBy: file.createdBy }),
  }
}
