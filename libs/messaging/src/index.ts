export type {
  Bus,
  BusMessage,
  BusStatus,
  DeadLetter,
  Delivery,
  Outcome,
  PublishResult,
  QueueTopology,
  ReviewCounts,
  Subscription,
  Verdict,
} from './bus.ts'
export { PermanentError } from './errors.ts'
export type { Failpoint, Failpoints } from './failpoints.ts'
export {
  type ConsumerDefinition,
  type ConsumerOptions,
  consumer,
  type HandleOptions,
  type Handler,
  type HandlerContext,
  handle,
} from './handler.ts'
export { type JoinBusOptions, joinBus } from './join-bus.ts'
export { migrations } from './migrations.ts'
export { type BusOptions, openBus } from './open-bus.ts'
export { type FoundationOptions, openFoundation } from './open-foundation.ts'
export { type NewEvent, outbox } from './outbox.ts'
export { type BrokerPermissions, brokerPermissions } from './permissions.ts'
export { type RelayOptions, startRelay } from './relay.ts'
export { type Consumers, type StartConsumersOptions, startConsumers } from './start-consumers.ts'
export { deadQueueOf, exchangeOf, ownerOf, queuesOf, retryQueueOf } from './topology.ts'
