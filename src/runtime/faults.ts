/** The message was not kept: the disk refused, or the process is stopping. Nothing changed; it may be sent again. */
export class Unavailable extends Error {
  override name = 'Unavailable'
}

/** The step of the message threw. The message stands in the dead letters; nothing else changed. */
export class Faulted extends Error {
  override name = 'Faulted'
  readonly correlationId: string

  constructor(correlationId: string) {
    super(`A message of ${correlationId} could not be handled and was set aside`)
    this.correlationId = correlationId
  }
}
