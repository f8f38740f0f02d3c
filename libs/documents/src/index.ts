export type {
  Change,
  ChangeResult,
  Collection,
  CollectionDefinition,
  Document,
  Documents,
  InsertResult,
  KeyDefinition,
  KeyValue,
  Page,
  Position,
  Range,
} from './documents.ts'
export type { DocumentProblem } from './errors.ts'
export { CollectionDefinitionError, DocumentInvalidError, DocumentKeyTakenError } from './errors.ts'
export { migrations, openDocuments } from './open-documents.ts'
