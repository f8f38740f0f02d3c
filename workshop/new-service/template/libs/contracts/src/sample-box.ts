import { defineEvent } from './event-contract.ts'
import { SampleItemCreatedSchema } from './generated/sample_box/v1/events_pb.ts'

export const sampleItemCreated = defineEvent(SampleItemCreatedSchema)
