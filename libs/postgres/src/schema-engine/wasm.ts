import { readFile } from 'node:fs/promises'
import * as bindings from '@prisma/schema-engine-wasm/schema_engine_bg'

/** Node's, of which neither TypeScript's library nor Node's types speak without the browser's. */
declare const WebAssembly: {
  instantiate(code: Uint8Array, imports: object): Promise<{ instance: { exports: Record<string, unknown> } }>
}

const module = new URL('schema_engine_bg.wasm', import.meta.resolve('@prisma/schema-engine-wasm'))

let loading: Promise<typeof bindings> | undefined

/** Prisma's engine. Importing the module would load it too, with a warning of Node's on every run. */
export function loadSchemaEngine(): Promise<typeof bindings> {
  loading ??= load()
  return loading
}

async function load(): Promise<typeof bindings> {
  const { instance } = await WebAssembly.instantiate(await readFile(module), {
    './schema_engine_bg.js': { ...bindings },
  })
  Object.assign(globalThis, { PRISMA_WASM_PANIC_REGISTRY: panics })
  bindings.__wbg_set_wasm(instance.exports)
  const { __wbindgen_start: start } = instance.exports
  if (typeof start === 'function') start()
  return bindings
}

/** Where the engine tells what it panicked about, before it throws something less telling. */
const panics = { set_message: (message: string) => process.stderr.write(`${message}\n`) }
