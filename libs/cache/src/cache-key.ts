const declared = Symbol('declared')

/** A key that was declared, so that the register of keys knows it. Made by `declareCacheKeys` only. */
export interface CacheKey {
  readonly name: string
  /** No value lives, and no window lasts, longer under it. */
  readonly longestMs: number
  readonly [declared]: true
}

export interface CacheKeyDeclaration {
  /** The key, with `{name}` for each part that varies. */
  pattern: string
  /** What is kept, and what for. */
  holds: string
  /** The longest life of a value, or the longest window, in milliseconds. */
  longestMs: number
  /** What makes it go before its time. */
  forgottenWhen: string
  /** What happens while the cache is out of reach. */
  withoutCache: string
}

/** Puts the parts, in their order, into the pattern. */
export type MakeCacheKey = (...parts: (string | number)[]) => CacheKey

export type CacheKeys<D> = { readonly [name in keyof D]: MakeCacheKey }

export interface DeclaredKeys<D> {
  owner: string
  declarations: D
  keys: CacheKeys<D>
}

const placeholder = /\{\w+\}/

/** Declares every key of one owner. A service does so in its `cache-keys.ts`, from which the register is made. */
export function declareCacheKeys<D extends Record<string, CacheKeyDeclaration>>(
  owner: string,
  declarations: D,
): DeclaredKeys<D>
export function declareCacheKeys(
  owner: string,
  declarations: Record<string, CacheKeyDeclaration>,
): DeclaredKeys<Record<string, CacheKeyDeclaration>> {
  const entries = Object.entries(declarations).map(([name, it]) => [name, keyMaker(it)] as const)
  return { owner, declarations, keys: Object.fromEntries(entries) }
}

function keyMaker({ pattern, longestMs }: CacheKeyDeclaration): MakeCacheKey {
  const fixed = pattern.split(placeholder)
  return (...parts) => {
    if (parts.length !== fixed.length - 1)
      throw new RangeError(`The cache key ${pattern} takes ${fixed.length - 1} parts, not ${parts.length}`)
    const name = fixed.map((text, index) => `${text}${parts[index] ?? ''}`).join('')
    return { name, longestMs, [declared]: true }
  }
}
