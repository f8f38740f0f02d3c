/** What must have run: one adapter of a port on one version of an engine. */
export interface Row {
  port: string
  adapter: string
  /** As `npm run engines` names it; null where the engine is part of the adapter. */
  engine: { kind: string; version: string } | null
  /** The stage whose report has its tests, the start of their files, and a part of their full names. */
  stage: string
  files: string[]
  title?: string
}

const of = (kind: string, version: string) => ({ kind, version })
const inProcess = { engine: null, stage: 'test' }
const onEngine = (kind: string, version: string) => ({ engine: of(kind, version), stage: 'engines' })

/** What speaks SQL: the suites of the libs and of the services. */
const sql = [
  'libs/postgres/',
  'libs/messaging/src/',
  'libs/service-kit/src/http/',
  'services/identity/',
  'services/sandbox/',
]

export const rows: readonly Row[] = [
  ...(['15', '17', '18'] as const).map((version) => ({
    port: 'database',
    adapter: 'postgres:',
    engine: of('postgres', version),
    stage: version === '18' ? 'test' : `postgres-${version}`,
    files: sql,
  })),
  { port: 'bus', adapter: 'memory:', ...inProcess, files: ['libs/messaging/src/memory-bus'] },
  ...(['3.10', '4.0'] as const).map((version) => ({
    port: 'bus',
    adapter: 'amqp:',
    ...onEngine('rabbitmq', version),
    files: ['libs/messaging/src/amqp/'],
    title: `RabbitMQ ${version}`,
  })),
  ...(['15', '17', '18'] as const).map((version) => ({
    port: 'documents',
    adapter: 'postgres:',
    ...onEngine('postgres', version),
    files: ['libs/documents/src/postgres/'],
    title: `PostgreSQL ${version}`,
  })),
  {
    port: 'documents',
    adapter: 'mongodb:',
    ...onEngine('mongodb', '0.7'),
    files: ['libs/documents/src/mongodb/'],
  },
  { port: 'objects', adapter: 'file:', ...inProcess, files: ['libs/objects/src/file/'] },
  { port: 'objects', adapter: 's3:', ...onEngine('s3', '1.8'), files: ['libs/objects/src/s3/'] },
  { port: 'cache', adapter: 'memory:', ...inProcess, files: ['libs/cache/src/memory-cache'] },
  { port: 'cache', adapter: 'redis:', ...onEngine('redis', '7.0'), files: ['libs/cache/src/redis-cache'] },
  // Their adapters come with their services: until then, that they start, stop and come back.
  {
    port: 'metrics',
    adapter: '(none yet)',
    ...onEngine('influxdb', '2.7'),
    files: ['libs/testkit/src/engines/'],
    title: 'influxdb',
  },
  {
    port: 'search',
    adapter: '(none yet)',
    ...onEngine('opensearch', '3.4'),
    files: ['libs/testkit/src/engines/'],
    title: 'opensearch',
  },
]
