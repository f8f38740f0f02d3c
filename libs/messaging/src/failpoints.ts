/** Places where a crash test may stop the process: between one durable step and the next. */
export type Failpoint = 'after-publish' | 'after-mark' | 'after-handle' | 'before-acknowledge'

/** Called at each place. Only crash tests pass one. */
export type Failpoints = (point: Failpoint) => void
