export { contentKey, getContent, putContent } from './content.ts'
export { CorruptContentError, ObjectKeyError, ObjectsUnavailableError } from './errors.ts'
export type {
  ByteRange,
  Digest,
  KeySource,
  ListedObject,
  ObjectBody,
  ObjectPage,
  ObjectStat,
  Objects,
  Stored,
} from './objects.ts'
export { openObjects } from './open-objects.ts'
