import { z } from 'zod'
import { lineField, objectField, textField } from '../text.ts'
import { type limitKeys, smallestLimits } from './resource-limits.ts'
import { type Sandbox, sandboxStatuses, sandboxTypes, statusReasons } from './sandbox.ts'

const limit = (key: (typeof limitKeys)[number]) => z.int().min(smallestLimits[key])

const limitsField = z
  .strictObject({
    maxMemoryBytes: limit('maxMemoryBytes'),
    maxProcesses: limit('maxProcesses'),
    maxExecutionSeconds: limit('maxExecutionSeconds'),
  })
  .describe('What a runner may give the sandbox; all three or none. The largest values depend on the role')
  .meta({ id: 'ResourceLimits' })

const typeField = z.enum(sandboxTypes)
const statusField = z.enum(sandboxStatuses)
const nameField = lineField(255)
const descriptionField = textField(10_000)
const configurationField = objectField.describe('What the sandbox needs: a devcontainer.json fits')
const momentField = z.iso.datetime({ offset: true }).transform((text) => new Date(text))

export const sandboxView = z
  .object({
    id: z.uuid(),
    ownerId: z.uuid(),
    name: z.string(),
    description: z.string().optional(),
    type: typeField,
    status: statusField,
    statusReason: z.enum(statusReasons).optional().describe('Why it is not active'),
    nodeName: z.string().optional(),
    resourceLimits: limitsField,
    configuration: z.record(z.string(), z.json()),
    metadata: z.record(z.string(), z.json()),
    fileCount: z.int(),
    totalBytes: z.int(),
    forkedFrom: z.object({ id: z.uuid(), version: z.int() }).optional(),
    version: z.int(),
    createdAt: z.iso.datetime(),
    updatedAt: z.iso.datetime(),
    lastAccessedAt: z.iso.datetime().optional(),
    expiresAt: z.iso.datetime(),
    recoverableUntil: z.iso.datetime().optional().describe('When a stopped sandbox is deleted for good'),
  })
  .meta({ id: 'Sandbox' })

export const newSandboxBody = z
  .strictObject({
    name: nameField,
    description: descriptionField.optional(),
    type: typeField,
    resourceLimits: limitsField.optional(),
    configuration: configurationField.optional(),
    metadata: objectField.optional(),
    expiresAt: momentField
      .optional()
      .describe('A day from now, unless given; how far ahead depends on the type'),
    ownerId: z.uuid().optional().describe('Somebody else: for administrators'),
  })
  .meta({ id: 'NewSandbox' })

export const sandboxChangesBody = z
  .strictObject({
    name: nameField.optional(),
    description: descriptionField.nullable().optional(),
    resourceLimits: limitsField.optional(),
    configuration: configurationField.optional(),
    metadata: objectField.optional(),
    nodeName: lineField(100).nullable().optional().describe('For administrators'),
  })
  .meta({ id: 'SandboxChanges' })

export const extensionBody = z
  .strictObject({ expiresAt: momentField.optional().describe('A day from now, unless given') })
  .meta({ id: 'Extension' })

export const sandboxFilterQuery = {
  status: statusField.optional().describe('Deleted ones are listed only when asked for'),
  type: typeField.optional(),
  ownerId: z
    .union([z.literal('me'), z.uuid()])
    .optional()
    .describe('One’s own, unless one may see everybody’s; somebody else’s for administrators'),
  nodeName: lineField(100).optional(),
}

export const sandboxParams = z.object({ id: z.uuid() })

export type SandboxView = z.infer<typeof sandboxView>

/** Absent is absent: no field is null. */
export function toSandboxView(it: Sandbox): SandboxView {
  return {
    id: it.id,
    ownerId: it.ownerId,
    name: it.name,
    ...(it.description === null ? {} : { description: it.description }),
    type: it.type,
    status: it.status,
    ...(it.statusReason === null ? {} : { statusReason: it.statusReason }),
    ...(it.nodeName === null ? {} : { nodeName: it.nodeName }),
    resourceLimits: it.resourceLimits,
    configuration: it.configuration,
    metadata: it.metadata,
    fileCount: it.fileCount,
    totalBytes: it.totalBytes,
    ...lineage(it),
    version: it.version,
    createdAt: it.createdAt.toISOString(),
    updatedAt: it.updatedAt.toISOString(),
    ...(it.lastAccessedAt === null ? {} : { lastAccessedAt: it.lastAccessedAt.toISOString() }),
    expiresAt: it.expiresAt.toISOString(),
    ...(it.recoverableUntil === null ? {} : { recoverableUntil: it.recoverableUntil.toISOString() }),
  }
}

function lineage({ forkedFromId: id, forkedFromVersion: version }: Sandbox) {
  return id === null || version === null ? {} : { forkedFrom: { id, version } }
}
