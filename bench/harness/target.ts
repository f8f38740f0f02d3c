/** A process that answers HTTP and can say how much processor time it has taken. */
export interface Target {
  origin: string
  /** Of the whole process since it started, in microseconds. */
  cpuMicros(): Promise<number>
}
