import { buffer } from 'node:stream/consumers'
import { getContent, type Objects, putContent } from '@sandkeep/objects'
import { DomainError } from '@sandkeep/service-kit'
import type { Seen } from '../account/account-lock.ts'
import type { ProfileService } from '../account/profile-service.ts'
import type { Person } from '../account/profile-store.ts'
import { type AvatarType, avatarType, NotAnImageError } from './avatar-image.ts'

export interface Avatar {
  type: AvatarType
  bytes: Buffer
}

export interface AvatarService {
  replace: (seen: Seen, bytes: Buffer) => Promise<Person>
  /** The picture whose content has this hash, or null. */
  read: (sha256: string) => Promise<Avatar | null>
}

export class AvatarNotFoundError extends DomainError {
  override readonly name = 'AvatarNotFoundError'
  constructor() {
    super({ kind: 'not_found', code: 'avatar_not_found', message: 'There is no such avatar.' })
  }
}

export const avatarPrefix = 'avatars'
export const avatarUrl = (sha256: string): string => `/v1/avatars/${sha256}`

export function createAvatarService(objects: Objects, profiles: ProfileService): AvatarService {
  return {
    async replace(seen, bytes) {
      if (!(await avatarType(bytes))) throw new NotAnImageError()
      const { sha256 } = await putContent(objects, avatarPrefix, bytes)
      return await profiles.edit(seen, { avatarUrl: avatarUrl(sha256) })
    },
    async read(sha256) {
      const stream = await getContent(objects, avatarPrefix, sha256)
      if (!stream) return null
      const bytes = await buffer(stream)
      const type = await avatarType(bytes)
      return type && { type, bytes }
    },
  }
}
