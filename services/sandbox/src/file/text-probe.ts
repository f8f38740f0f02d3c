import type { Encoding } from './file.ts'

/** Tells text from other bytes while they pass: text is well-formed UTF-8 without NUL. */
export interface TextProbe {
  add(chunk: Uint8Array): void
  end(): Encoding
}

export function createTextProbe(): TextProbe {
  const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })
  let isText = true
  const check = (decode: () => string) => {
    if (!isText) return
    try {
      isText = !decode().includes('\0')
    } catch {
      isText = false
    }
  }
  return {
    add: (chunk) => check(() => decoder.decode(chunk, { stream: true })),
    end: () => {
      check(() => decoder.decode())
      return isText ? 'utf-8' : 'binary'
    },
  }
}
