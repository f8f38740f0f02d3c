import { proveMessaging } from './messaging/prove-messaging.ts'
import { proveOutbox } from './outbox/prove-outbox.ts'
import { proveStores } from './stores/prove-stores.ts'

/** Each proof answers whether what it proves held. */
const proofs: Record<string, { summary: string; run(args: string[]): Promise<boolean> }> = {
  messaging: {
    summary:
      'no event is lost, invented, doubled or out of order, whatever fails in the fleet, and poison is kept',
    run: proveMessaging,
  },
  outbox: {
    summary: 'no event is lost, invented or applied twice, whenever the process is killed',
    run: proveOutbox,
  },
  stores: {
    summary: 'no acknowledged write is lost, whatever happens to the engine; work goes on after it',
    run: proveStores,
  },
}

const [name = '', ...args] = process.argv.slice(2)
const proof = proofs[name]
if (proof) {
  // Not left to the end of the event loop: with channels to killed children Node may never reach it.
  process.exit((await proof.run(args)) ? 0 : 1)
} else {
  const lines = Object.entries(proofs).map(([key, { summary }]) => `  ${key.padEnd(10)} ${summary}`)
  console.log(`npm run prove -- PROOF [options]\n\n${lines.join('\n')}\n\n  PROOF --help   its options`)
  process.exitCode = name === '' || name === '--help' ? 0 : 2
}
