import { startOwnClock } from './own-time.ts'
import { acknowledgeEarly, unstagedObjects } from './protections.ts'
import { proofs } from './store/proofs.ts'
import { type WriterAnswer, writerCommand, writerOptions } from './writer-protocol.ts'

// Writes to a store what it is told to, as a service would: with the adapter, and in a process of its own.
const { port, without, ...place } = writerOptions.parse(JSON.parse(process.argv[2] ?? '{}'))
const opened = without === 'staging' ? await unstagedObjects(place) : await proofs[port].open(place)
const store = without === 'answers' ? acknowledgeEarly(opened) : opened

const now = startOwnClock()
const answer = (message: WriterAnswer) => void process.send?.(message)

async function obey(id: string): Promise<void> {
  const started = now()
  const took = () => now() - started
  try {
    const done = await store.obey(id)
    answer({ id, fate: done ? 'ok' : 'refused', tookMs: took() })
  } catch (error) {
    const reason = error instanceof Error ? `${error.name}: ${error.message}` : String(error)
    answer({ id, fate: 'unknown', tookMs: took(), reason })
  }
}

process.on('disconnect', () => process.exit())
process.on('message', (message) => void obey(writerCommand.parse(message).id))
answer({ ready: true })
