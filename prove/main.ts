import { proveOutbox } from './outbox/prove-outbox.ts'
import { proveStores } from './stores/prove-stores.ts'

/** Each proof answers whether what it proves held. */
const proofs: Record<string, { summary: string; run(args: string[]): Promise<boolean> }> = {
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
  process.exitCode = (await proof.run(args)) ? 0 : 1
} else {
  const lines = Object.entries(proofs).map(([key, { summary }]) => `  ${key.padEnd(10)} ${summary}`)
  console.log(`npm run prove -- PROOF [options]\n\n${lines.join('\n')}\n\n  PROOF --help   its options`)
  process.exitCode = name === '' || name === '--help' ? 0 : 2
}
