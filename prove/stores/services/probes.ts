import { contentOf, numberOf } from '../store/proved-store.ts'

/** What a client asks of the services, over and over. */
export interface Probe {
  name: string
  /** Which engines it cannot do without. */
  needs: readonly string[]
  /** Makes one request. */
  ask(desk: Desk): Promise<Reply>
}

export interface Reply {
  status: number
  body: unknown
}

/** What the client knows and keeps. */
export interface Desk {
  call(it: Call): Promise<Reply>
  sandboxUrl(): string
  next(): number
  /** A file that was acknowledged. */
  anyFile(): string | null
  wrote(path: string): void
  login: { login: string; password: string }
}

export interface Call {
  service: 'identity' | 'sandbox'
  method?: 'GET' | 'POST' | 'PUT'
  path: string
  json?: unknown
  bytes?: Buffer
  /** Compares what a file holds. */
  expects?: Buffer
}

/** Text is kept in documents, other bytes in objects. */
export const fileContent = (path: string): Buffer => {
  const size = 200 + numberOf(path, 20_000)
  return path.endsWith('.bin')
    ? Buffer.concat([Buffer.from([0, 255, 254]), contentOf(path, size)])
    : Buffer.from(contentOf(path, size).toString('base64'))
}

export const fileUrl = (sandboxUrl: string, path: string) => `${sandboxUrl}/files/${path}`

const write = (kind: 'txt' | 'bin'): Probe['ask'] => {
  return async (desk) => {
    const path = `file-${desk.next()}.${kind}`
    const bytes = fileContent(path)
    const reply = await desk.call({
      service: 'sandbox',
      method: 'PUT',
      path: fileUrl(desk.sandboxUrl(), path),
      bytes,
    })
    if (reply.status < 300) desk.wrote(path)
    return reply
  }
}

export const probes: readonly Probe[] = [
  { name: 'profile', needs: ['postgres'], ask: (desk) => desk.call({ service: 'identity', path: '/v1/me' }) },
  {
    name: 'login',
    needs: ['postgres'],
    ask: (desk) =>
      desk.call({ service: 'identity', method: 'POST', path: '/v1/auth/login', json: desk.login }),
  },
  { name: 'write text', needs: ['postgres', 'mongodb'], ask: write('txt') },
  { name: 'write bytes', needs: ['postgres', 'mongodb', 's3'], ask: write('bin') },
  {
    name: 'read',
    needs: ['postgres', 'mongodb', 's3'],
    ask: async (desk) => {
      const path = desk.anyFile()
      if (path === null) return { status: 200, body: null }
      return desk.call({
        service: 'sandbox',
        path: fileUrl(desk.sandboxUrl(), path),
        expects: fileContent(path),
      })
    },
  },
]
