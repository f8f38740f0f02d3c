import type { CollectionDefinition } from '@sandkeep/documents'
import { type Encoding, fileLimits } from './file.ts'

/** One immutable version of a file in `sandbox_files`; the bytes are in `content` or in the object `objectKey`. */
export interface FileDocument {
  id: string
  sandboxId: string
  path: string
  version: number
  fileType: string
  encoding: Encoding
  sizeBytes: number
  sha256: string
  content?: string
  objectKey?: string
  createdAt: string
  createdBy?: string
}

export const sandboxFiles: CollectionDefinition<FileDocument> = {
  name: 'sandbox_files',
  schema: {
    type: 'object',
    additionalProperties: false,
    required: [
      'id',
      'sandboxId',
      'path',
      'version',
      'fileType',
      'encoding',
      'sizeBytes',
      'sha256',
      'createdAt',
    ],
    oneOf: [
      { required: ['content'], properties: { content: {} } },
      { required: ['objectKey'], properties: { objectKey: {} } },
    ],
    properties: {
      id: { type: 'string', format: 'uuid' },
      sandboxId: { type: 'string', format: 'uuid' },
      path: { type: 'string', minLength: 1, maxLength: 1024 },
      version: { type: 'integer', minimum: 1 },
      fileType: { type: 'string', minLength: 1, maxLength: 50 },
      encoding: { enum: ['utf-8', 'binary'] },
      sizeBytes: { type: 'integer', minimum: 0, maximum: fileLimits.maxFileBytes },
      sha256: { type: 'string', pattern: '^[0-9a-f]{64}$' },
      content: { type: 'string', maxLength: fileLimits.maxInlineBytes },
      objectKey: { type: 'string', minLength: 1, maxLength: 1000 },
      createdAt: { type: 'string', format: 'date-time' },
      createdBy: { type: 'string', format: 'uuid' },
    },
  },
  keys: {
    byVersion: { fields: ['sandboxId', 'path', 'version'], unique: true },
    byTime: { fields: ['sandboxId', 'createdAt'] },
    byFileType: { fields: ['fileType'] },
  },
}
