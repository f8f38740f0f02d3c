export type { JsonValue, MessageInitShape } from '@bufbuild/protobuf'
export { type Timestamp, timestampDate, timestampFromDate } from '@bufbuild/protobuf/wkt'
export { enumFromText, enumToText } from './enum-text.ts'
export { type Envelope, parseEnvelope } from './envelope.ts'
export {
  ContractError,
  defineEvent,
  type EventContract,
  type EventData,
  parseEventType,
} from './event-contract.ts'
export * from './identity.ts'
export { personalKind } from './personal.ts'
export { type AnyContract, contracts } from './registry.ts'
export * from './sandbox.ts'
