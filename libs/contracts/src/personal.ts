import { type DescField, type DescMessage, getOption, hasOption, type Message } from '@bufbuild/protobuf'
import {
  isReflectList,
  isReflectMap,
  isReflectMessage,
  type ReflectMessage,
  reflect,
} from '@bufbuild/protobuf/reflect'
import { Personal, personal } from './generated/sandkeep/options/v1/options_pb.ts'

/** What a field is tagged as: the id of a person, data about one, or neither. */
export function personalKind(field: DescField): 'subject' | 'data' | null {
  if (!hasOption(field, personal)) return null
  return getOption(field, personal) === Personal.SUBJECT ? 'subject' : 'data'
}

/** The values of every field tagged as subject, at any depth, without repeats or empty ids. */
export function subjectsOf(desc: DescMessage, message: Message): string[] {
  const found = new Set<string>()
  collect(reflect(desc, message), found)
  return [...found]
}

function collect(message: ReflectMessage, found: Set<string>): void {
  for (const field of fieldsToLookAt(message.desc)) {
    if (!message.isSet(field)) continue
    for (const value of each(message.get(field))) {
      if (isReflectMessage(value)) collect(value, found)
      else if (typeof value === 'string') found.add(value)
    }
  }
}

const looked = new Map<DescMessage, DescField[]>()

/** Those tagged as subject and those that may hold some. Remembered, since reading a tag costs more than the rest. */
function fieldsToLookAt(desc: DescMessage): DescField[] {
  const known = looked.get(desc)
  if (known) return known
  const fields = desc.fields.filter((field) => personalKind(field) === 'subject' || field.message)
  looked.set(desc, fields)
  return fields
}

function each(value: unknown): Iterable<unknown> {
  if (isReflectList(value)) return value
  return isReflectMap(value) ? value.values() : [value]
}
