export type {
  AnyDefinition,
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
export {
  CollectionDefinitionError,
  DocumentInvalidError,
  DocumentKeyTakenError,
  DocumentsUnavailableError,
} from './errors.ts'
export { type DocumentsOptions, migrations, openDocuments } from './open-documents.ts'
export { type CollectionSource, findDrift } from './shape/drift.ts'
