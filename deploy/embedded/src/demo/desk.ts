import { answerOf, type components, type SandkeepClient } from '@sandkeep/client'
import { readZip } from './zip.ts'

type Files = ReadonlyMap<string, Buffer>

export interface Change {
  path: string
  content?: string
  contentBase64?: string
  delete?: true
}

/** One sandbox, as somebody at work in it uses the API. */
export interface Desk {
  change(changes: Change[]): Promise<unknown>
  putFile(path: string, content: Buffer): Promise<unknown>
  checkpoint(name: string): Promise<components['schemas']['Checkpoint']>
  restore(checkpointId: string): Promise<components['schemas']['Replaced']>
  /** Paths of what changed since a checkpoint. */
  changedSince(checkpointId: string): Promise<string[]>
  fork(name: string): Promise<Desk>
  export(): Promise<Files>
}

type Api = SandkeepClient['api']

const overwriting = { 'if-match': '*' }
const asBytes = { 'content-type': 'application/octet-stream' }

/** Makes a sandbox for an exercise. */
export async function openDesk(api: Api, name: string): Promise<Desk> {
  const { id } = await answerOf(api.POST('/v1/sandboxes', { body: { name, type: 'exercise' } }))
  return deskAt(api, id)
}

function deskAt(api: Api, id: string): Desk {
  const params = { path: { id } }
  return {
    change: (changes) =>
      answerOf(
        api.POST('/v1/sandboxes/{id}/changes', {
          params: { ...params, header: overwriting },
          body: { changes },
        }),
      ),
    putFile: (path, content) =>
      answerOf(
        api.PUT('/v1/sandboxes/{id}/files/{path}', {
          params: { path: { id, path }, header: overwriting },
          headers: asBytes,
          body: content,
        }),
      ),
    checkpoint: (name) => answerOf(api.POST('/v1/sandboxes/{id}/checkpoints', { params, body: { name } })),
    restore: (checkpointId) =>
      answerOf(api.POST('/v1/sandboxes/{id}/restore', { params, body: { checkpointId } })),
    async changedSince(from) {
      const query = { from }
      const { items } = await answerOf(api.GET('/v1/sandboxes/{id}/diff', { params: { ...params, query } }))
      return items.map(({ path }) => path)
    },
    async fork(name) {
      const fork = await answerOf(api.POST('/v1/sandboxes/{id}/forks', { params, body: { name } }))
      return deskAt(api, fork.id)
    },
    async export() {
      const archive = await answerOf(
        api.GET('/v1/sandboxes/{id}/export.zip', { params, parseAs: 'arrayBuffer' }),
      )
      return readZip(Buffer.from(archive))
    },
  }
}
