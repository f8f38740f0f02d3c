import { command } from '../check/stage.ts'

export const releasedEvents = 'proto/released.binpb'

/** The event contracts still say all that the released ones say. */
export const events = command('events', ['buf', 'breaking', 'proto', '--against', releasedEvents])
