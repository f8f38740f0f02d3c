import { inspect } from 'node:util'
import { z } from 'zod'

/** A value that must not be printed: text, JSON and inspection all show `[secret]`. */
export class Secret {
  readonly #value: string

  constructor(value: string) {
    this.#value = value
  }

  reveal(): string {
    return this.#value
  }

  toString(): string {
    return '[secret]'
  }

  toJSON(): string {
    return '[secret]'
  }

  [inspect.custom](): string {
    return '[secret]'
  }
}

/** A variable that holds a secret of at least `minBytes` bytes. It has no default. */
export function secret({ minBytes = 1 }: { minBytes?: number } = {}) {
  return z
    .string()
    .refine((text) => Buffer.byteLength(text) >= minBytes, `must be at least ${minBytes} bytes long`)
    .transform((text) => new Secret(text))
}
