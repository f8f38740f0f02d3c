import type { EventContract } from './event-contract.ts'
import * as identity from './identity.ts'
import * as sandbox from './sandbox.ts'

/** A contract where the type of its data is not known: listings, tools, generated pages. */
export type AnyContract = EventContract<unknown>

/** Every contract of the fleet, by type. A new owner's file is added here. */
export const contracts: ReadonlyMap<string, AnyContract> = new Map(
  [identity, sandbox]
    .flatMap((owner): unknown[] => Object.values(owner))
    .filter(isContract)
    .map((contract) => [contract.type, contract]),
)

function isContract(value: unknown): value is AnyContract {
  return typeof value === 'object' && value !== null && 'fromJson' in value
}
