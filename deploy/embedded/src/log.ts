import { createLogger } from '@sandkeep/service-kit'
import { type DestinationStream, destination, type Logger } from 'pino'
import pretty from 'pino-pretty'

/** Makes the loggers of one process, by the name of the part that logs. */
export type Loggers = (name: string) => Logger

const stderr = 2

/** Takes JSON lines to standard error: readable for a person at a terminal, as they are for everything else. */
export const openLogStream = (): DestinationStream =>
  process.stderr.isTTY
    ? pretty({
        destination: stderr,
        sync: true,
        singleLine: true,
        ignore: 'pid,hostname,err.stack',
        translateTime: 'HH:MM:ss',
      })
    : destination({ dest: stderr, sync: true })

export function createLoggers(level: string, stream: DestinationStream = openLogStream()): Loggers {
  return (name) => createLogger({ name, level, destination: stream })
}
