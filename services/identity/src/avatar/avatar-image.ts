import { DomainError } from '@sandkeep/service-kit'

export const maxAvatarBytes = 1024 * 1024

/** Raster formats that every browser shows. SVG is a program and is none of them. */
export const avatarTypes = ['image/png', 'image/jpeg', 'image/webp', 'image/gif'] as const

export type AvatarType = (typeof avatarTypes)[number]

export class NotAnImageError extends DomainError {
  override readonly name = 'NotAnImageError'
  constructor() {
    super({
      kind: 'invalid',
      code: 'avatar_not_an_image',
      message: 'An avatar must be a PNG, JPEG, WebP or GIF image.',
    })
  }
}

/** What the bytes are, whatever their sender called them; null when they are no picture. */
export async function avatarType(bytes: Uint8Array): Promise<AvatarType | null> {
  // Loaded with the first picture: most of a process's life goes by without one.
  const { fileTypeFromBuffer } = await import('file-type')
  const found = await fileTypeFromBuffer(bytes).catch(() => undefined)
  return avatarTypes.find((type) => type === found?.mime) ?? null
}
