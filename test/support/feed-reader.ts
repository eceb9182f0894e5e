import { createParser, type EventSourceMessage } from 'eventsource-parser'

interface Entry {
  readonly actor: string
  readonly message: { readonly type: string }
  readonly state: string | null
}

/** A frame of the feed, with the fields that any of them has. */
export interface Frame {
  readonly id: number
  readonly event: string
  readonly data: {
    readonly sequence: number
    readonly saga: string
    readonly at: string
    readonly entries: readonly Entry[]
    readonly after: number
    readonly until: number
    readonly reason: string
    readonly position: number
  }
}

/** Reads a stream of server-sent events, one frame after the other. */
export function readFeed(response: Response) {
  if (response.body === null) throw new Error('The answer has no body')
  const chunks = response.body.pipeThrough(new TextDecoderStream()).getReader()
  const frames: Frame[] = []
  const parser = createParser({
    onEvent({ id, event = 'message', data }: EventSourceMessage) {
      frames.push({ id: Number(id), event, data: JSON.parse(data) })
    },
  })

  /** The next frame; `undefined` at the end of the stream. */
  async function next(): Promise<Frame | undefined> {
    while (frames.length === 0) {
      const { done, value } = await chunks.read()
      if (done) return undefined
      parser.feed(value)
    }
    return frames.shift()
  }

  /** The next frame that is no heartbeat. */
  async function nextNews(): Promise<Frame> {
    for (;;) {
      const frame = await next()
      if (frame === undefined) throw new Error('The feed has ended')
      if (frame.event !== 'heartbeat') return frame
    }
  }

  return {
    next,
    nextNews,
    /** Every frame up to the end. */
    async rest(): Promise<Frame[]> {
      const all: Frame[] = []
      for (let frame = await next(); frame !== undefined; frame = await next()) all.push(frame)
      return all
    },
    leave: () => chunks.cancel(),
  }
}
