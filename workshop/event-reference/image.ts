import { z } from 'zod'
import { execute } from '../check/stage.ts'

const field = z.object({
  jsonName: z.string(),
  type: z.string(),
  typeName: z.string().optional(),
  label: z.string(),
  options: z.object({ '[sandkeep.options.v1.personal]': z.string().optional() }).optional(),
})

const message = z.object({
  name: z.string(),
  field: z.array(field).default([]),
  options: z.object({ '[sandkeep.options.v1.event]': z.object({ type: z.string() }).optional() }).optional(),
})

const enumeration = z.object({ name: z.string(), value: z.array(z.object({ name: z.string() })) })

const file = z.object({
  name: z.string(),
  package: z.string(),
  messageType: z.array(message).default([]),
  enumType: z.array(enumeration).default([]),
  sourceCodeInfo: z.object({
    location: z.array(
      z.object({ path: z.array(z.int()).default([]), leadingComments: z.string().optional() }),
    ),
  }),
})

export type FieldDescriptor = z.infer<typeof field>
export type MessageDescriptor = z.infer<typeof message>

/** One file of contracts, with a way to its comments: the path of a declaration as descriptors count it. */
export interface ContractFile extends z.infer<typeof file> {
  commentAt: (...path: number[]) => string
}

/** What the proto files of all owners declare, comments included. */
export async function readContractFiles(): Promise<ContractFile[]> {
  const { code, output } = await execute(['buf', 'build', 'proto', '--output', '-#format=json'])
  if (code !== 0) throw new Error(output)
  const image = z.object({ file: z.array(z.looseObject({ name: z.string() })) }).parse(JSON.parse(output))
  const own = image.file.filter((it) => /^[a-z_]+\/v\d+\/events\.proto$/.test(it.name))
  return own.map((it) => withComments(file.parse(it)))
}

function withComments(it: z.infer<typeof file>): ContractFile {
  const comments = new Map(
    it.sourceCodeInfo.location.map(({ path, leadingComments }) => [path.join('.'), leadingComments ?? '']),
  )
  return { ...it, commentAt: (...path) => (comments.get(path.join('.')) ?? '').trim().replace(/\n ?/g, '\n') }
}
