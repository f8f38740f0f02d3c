export type { FleetEngines } from './engines.ts'
export { type Fleet, type FleetOptions, startFleet } from './start-fleet.ts'
export type { SupervisedService } from './supervise.ts'
