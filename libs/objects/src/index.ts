export { contentKey, getContent, putContent, signedContentUrl } from './content.ts'
export { type ContentSweep, type ContentSwept, sweepContent } from './content-sweep.ts'
export { CorruptContentError, ObjectKeyError, ObjectsUnavailableError } from './errors.ts'
export { attachment } from './link/content-disposition.ts'
export { type LinkQuery, type LinkSigner, openLink, type SignedLink } from './link/signed-link.ts'
export type {
  ByteRange,
  Deletion,
  Digest,
  KeySource,
  LinkOptions,
  ListedObject,
  ObjectBody,
  ObjectPage,
  ObjectStat,
  Objects,
  Stored,
} from './objects.ts'
export { openObjects } from './open-objects.ts'
