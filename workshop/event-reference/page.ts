import type { Queue } from './consumers.ts'
import type { ContractFile, FieldDescriptor, MessageDescriptor } from './image.ts'

// How descriptors number what a file declares.
const [packageOf, messages, enums] = [2, 4, 5]
const [fields, values] = [2, 2]

/** `docs/events.md`. */
export function eventsPage(files: ContractFile[], queues: Queue[]): string {
  const owners = files.toSorted((a, b) => a.name.localeCompare(b.name)).map((it) => ownerSection(it, queues))
  return `${[introduction, consuming, queueSection(queues), ...owners].join('\n\n')}\n`
}

const consuming = `## Consuming

In any language, as \`libs/messaging/test/python-consumer\` does in Python:

1. Declare the durable topic exchange \`<owner>.events\`, in case the owner has never run, and a durable queue of your
   own, \`<consumer>.<purpose>\`, with the argument \`x-queue-type: quorum\`. Never share another consumer's queue.
2. Give the queue a durable quorum queue \`….dead\` as its dead letters: \`x-dead-letter-exchange: ""\`,
   \`x-dead-letter-routing-key: <queue>.dead\`, \`x-dead-letter-strategy: at-least-once\` and
   \`x-overflow: reject-publish\`. Then \`npm run events\` lists and redrives them.
3. Bind the queue once for each type, the type being the binding key. Events announced before are not in the queue:
   \`npm run events -- replay\` sends them to it.
4. Delivery is at least once. Remember \`id\` (the AMQP property \`message-id\` is the same) in the transaction of your
   effect, acknowledge after its commit, and do nothing on a repeat. The body is UTF-8 JSON whatever the flag
   \`redelivered\` and the headers say.
5. Events of one \`subject\` come in the order of \`sequence\`, but repeats and what you requeued come late; numbers
   may be left out, and events of one change share theirs. A consumer of state keeps the newest and drops what is older.
6. Reject without requeue what cannot be read. On a failure that may pass, requeue no sooner than it can pass; a
   broker of version 4 gives a message up after 20 requeues.`

const introduction = `# Events

Every committed change is announced as an event. Its type is its routing key on the topic exchange \`<owner>.events\`.
On the wire it is JSON with the attribute names of CloudEvents: \`id\` (UUIDv7, by which a repeat is known),
\`source\`, \`type\`, \`subject\` (the id of what changed), \`sequence\` (its version after the change), \`time\`,
\`traceparent\`, \`correlationid\`, \`causationid\`, \`actor\`, \`subjects\` (the persons it is about) and \`data\`, whose
fields are below. A consumer ignores fields that it does not know; a contract only grows, and what would break
somebody is a new type \`….v2\` beside the old one.

This page is generated from \`proto/\` and from what the services consume: \`npm run gen\` writes it, \`npm run check\`
finds it stale.`

function queueSection(queues: Queue[]): string {
  const rows = queues.map(
    ({ name, ordered, types }) =>
      `| \`${name}\` | ${ordered ? 'ordered' : 'unordered'} | ${types.map((it) => link(it)).join(', ')} |`,
  )
  return `## Queues

Each has \`.retry-5s\`, \`.retry-30s\` and \`.retry-5m\`, through which a failed event comes back, and \`.dead\`, where it is
kept with its reason: \`npm run events -- redrive\`. In an ordered queue later events of the same aggregate wait behind
a failed one.

| queue | order | events |
|---|---|---|
${rows.join('\n')}`
}

function ownerSection(file: ContractFile, queues: Queue[]): string {
  const owner = file.package.split('.')[0]?.replaceAll('_', '-') ?? ''
  const events = file.messageType.map((it, index) => eventSection(file, it, index, queues))
  const enumerations = file.enumType.map((_, index) => enumSection(file, index))
  return [`## ${owner}`, file.commentAt(packageOf), ...events, ...enumerations].filter(Boolean).join('\n\n')
}

function eventSection(file: ContractFile, it: MessageDescriptor, index: number, queues: Queue[]): string {
  const type = it.options?.['[sandkeep.options.v1.event]']?.type
  const rows = it.field.map((field, at) => {
    const about = file.commentAt(messages, index, fields, at).replaceAll('\n', ' ')
    return `| \`${field.jsonName}\` | ${typeOf(field)} | ${about}${personal(field)} |`
  })
  const consumers = queues.filter(({ types }) => types.includes(type ?? '')).map(({ name }) => `\`${name}\``)
  return [
    `### ${type ?? it.name}`,
    file.commentAt(messages, index),
    ...(rows.length > 0 ? [['| field | type | meaning |', '|---|---|---|', ...rows].join('\n')] : []),
    ...(consumers.length > 0 ? [`Consumed by ${consumers.join(', ')}.`] : []),
  ].join('\n\n')
}

function enumSection(file: ContractFile, index: number): string {
  const { name, value } = file.enumType[index] ?? { name: '', value: [] }
  const rows = value.map(
    (it, at) => `| \`${it.name}\` | ${file.commentAt(enums, index, values, at).replaceAll('\n', ' ')} |`,
  )
  const table = ['| value | meaning |', '|---|---|', ...rows].join('\n')
  return [`### ${name}`, file.commentAt(enums, index), table].join('\n\n')
}

const names: Record<string, string> = {
  TYPE_STRING: 'text',
  TYPE_BOOL: 'boolean',
  TYPE_INT32: 'integer',
  TYPE_UINT32: 'integer',
  TYPE_INT64: 'integer, as text',
  TYPE_UINT64: 'integer, as text',
  TYPE_DOUBLE: 'number',
}

function typeOf({ type, typeName = '', label }: FieldDescriptor): string {
  const simple = typeName.split('.').at(-1) ?? ''
  const own = typeName === '.google.protobuf.Timestamp' ? 'time, RFC 3339' : link(simple)
  const one = names[type] ?? own
  return label === 'LABEL_REPEATED' ? `list of ${one}` : one
}

function personal({ options }: FieldDescriptor): string {
  const kind = options?.['[sandkeep.options.v1.personal]']
  if (kind === 'PERSONAL_SUBJECT') return ' *Personal: the id of a person.*'
  return kind === 'PERSONAL_DATA' ? ' *Personal.*' : ''
}

const link = (heading: string) => `[${heading}](#${heading.toLowerCase().replaceAll('.', '')})`
