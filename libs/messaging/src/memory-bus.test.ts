import { pino } from 'pino'
import { describe } from 'vitest'
import { busContract } from '../test/bus-contract.ts'
import { openBus } from './index.ts'

const log = pino({ level: 'silent' })

describe('memory bus', () => {
  busContract(() => openBus('memory:', { log, name: 'test' }))
})
