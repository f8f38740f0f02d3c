// Makes what the containers share before they start: secrets, each where its reader alone finds it, and the folders
// of people. What is there already stays as it is. Run by `docker compose up`, as root without its powers but those
// over the ownership of files.
import { createHash, randomBytes } from 'node:crypto'
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'

const [secretsRoot = '/secrets', dataRoot = '/data', owned = '/run/owner'] = process.argv.slice(2)
const keptAt = join(secretsRoot, 'setup', 'secrets.json')
/** Who reads: the users of the images. */
const users = { node: 1000, postgres: 999, mongodb: 999, rabbitmq: 999, redis: 999, influxdb: 1000, s3: 1000 }

const known = existsSync(keptAt) ? JSON.parse(readFileSync(keptAt, 'utf8')) : {}
const secret = (name) => (known[name] ??= randomBytes(32).toString('base64url'))

/** Files of a volume, which only one user can read. */
function write(volume, user, files) {
  for (const [name, text] of Object.entries(files)) {
    const path = join(secretsRoot, volume, name)
    rmSync(path, { force: true })
    writeFileSync(path, text, { mode: 0o400, flush: true })
    chownSync(path, users[user], users[user])
    chmodSync(path, 0o400)
  }
}

const accounts = ['student', 'instructor', 'admin'].map((role) => ({
  role,
  email: `${role}@sandkeep.test`,
  password: `Otp-28-${secret(`password of ${role}`).slice(0, 12)}`,
}))

const services = secret('services')
const bus = (name) => `amqp://${name}:${secret(`${name} rabbitmq`)}@rabbitmq:5672/sandkeep`
const cache = (name) => `redis://${name}:${secret(`${name} redis`)}@redis:6379/0`
const database = (name) => `postgresql://${name}:${secret(`${name} postgres`)}@postgres-${name}:5432/${name}`
const objects = (name) =>
  `s3://${name}:${secret(`${name} s3`)}@${name}?region=us-east-1&endpoint=http://s3:7070`

const serviceSecrets = {
  identity: {
    DATABASE_URL: database('identity'),
    BUS_URL: bus('identity'),
    CACHE_URL: cache('identity'),
    OBJECTS_URL: objects('identity'),
    SERVICE_SECRET: services,
    KEY_ENCRYPTION_SECRET: secret('identity keys'),
    FIRST_ACCOUNTS: accounts.map(({ role, email, password }) => `${role}:${email}:${password}`).join(' '),
  },
  sandbox: {
    DATABASE_URL: database('sandbox'),
    BUS_URL: bus('sandbox'),
    DOCUMENTS_URL: `mongodb://sandbox:${secret('sandbox mongodb')}@mongodb:27017/sandbox?replicaSet=rs0&authSource=sandbox`,
    OBJECTS_URL: objects('sandbox'),
    SERVICE_SECRET: services,
    CURSOR_SECRET: secret('sandbox cursors'),
  },
  gateway: { CACHE_URL: cache('gateway'), SERVICE_SECRET: services },
}

function passwordHash(password) {
  const salt = createHash('sha256').update(`salt of ${password}`).digest().subarray(0, 4)
  const digest = createHash('sha256').update(salt).update(password).digest()
  return Buffer.concat([salt, digest]).toString('base64')
}

const permissions = JSON.parse(readFileSync(join(import.meta.dirname, 'broker-permissions.json'), 'utf8'))
const definitions = {
  vhosts: [{ name: 'sandkeep' }],
  users: Object.keys(permissions).map((name) => ({
    name,
    password_hash: passwordHash(secret(`${name} rabbitmq`)),
    hashing_algorithm: 'rabbit_password_hashing_sha256',
    tags: [],
  })),
  permissions: Object.entries(permissions).map(([user, rights]) => ({ user, vhost: 'sandkeep', ...rights })),
}

// Who does not sign in may only be asked whether it is there.
const redisUsers = [
  'user default on nopass -@all +ping',
  ...['identity', 'gateway'].map(
    (name) => `user ${name} on >${secret(`${name} redis`)} ~* &* +@all -@admin -@dangerous +info +client`,
  ),
]

/** Volume, its reader and the files in it. */
const volumes = [
  ...Object.entries(serviceSecrets).map(([name, files]) => [name, 'node', files]),
  ...['identity', 'sandbox'].map((name) => {
    const files = { admin: secret(`postgres of ${name}`), service: secret(`${name} postgres`) }
    return [`postgres-${name}`, 'postgres', files]
  }),
  ['rabbitmq', 'rabbitmq', { 'definitions.json': JSON.stringify(definitions, null, 2) }],
  ['redis', 'redis', { 'users.acl': `${redisUsers.join('\n')}\n` }],
  [
    'mongodb',
    'mongodb',
    {
      admin: secret('mongodb'),
      sandbox: secret('sandbox mongodb'),
      keyfile: createHash('sha512').update(secret('mongodb key')).digest('base64'),
    },
  ],
  ['influxdb', 'influxdb', { password: secret('influxdb password'), token: secret('influxdb token') }],
  ['s3', 's3', { root: secret('s3'), identity: secret('identity s3'), sandbox: secret('sandbox s3') }],
]

// Before any of them is used: a run that is cut off here is followed by one with the same secrets.
writeFileSync(keptAt, JSON.stringify(known), { mode: 0o600, flush: true })
for (const [volume, user, files] of volumes) write(volume, user, files)

const { uid, gid } = statSync(owned)
// The mail of an installation without a mail server: identity writes it, the owner of this folder reads it.
mkdirSync(join(dataRoot, 'mail'), { recursive: true })
chownSync(dataRoot, uid, gid)
chownSync(join(dataRoot, 'mail'), users.node, gid)
chmodSync(join(dataRoot, 'mail'), 0o2750)
const signIn = join(dataRoot, 'sign-in.txt')
writeFileSync(signIn, accounts.map(({ role, email, password }) => `${role}: ${email} ${password}\n`).join(''))
chownSync(signIn, uid, gid)
chmodSync(signIn, 0o600)
