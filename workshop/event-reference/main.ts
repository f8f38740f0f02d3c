import { writeEventReference } from './event-reference.ts'

await writeEventReference()
