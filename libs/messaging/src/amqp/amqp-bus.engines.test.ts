import { pino } from 'pino'
import { describe } from 'vitest'
import { busContract } from '../../test/bus-contract.ts'
import { openBus } from '../index.ts'

const log = pino({ level: process.env['LOG'] ?? 'silent' })
const url = 'amqp://guest:guest@127.0.0.1:56720'

describe('RabbitMQ', () => {
  busContract(() => openBus(url, { log, name: 'test' }))
})
