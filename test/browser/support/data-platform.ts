import { systemClock } from '../../../src/clock.ts'
import { type Received, startReceiver } from '../../../src/delivery/data-platform-receiver.ts'

const secret = 'a-secret-of-the-platform'

/** A data platform that is away until it comes, on a port that stays the same; `ids` of what it took. */
export async function awayPlatform() {
  const received: Received[] = []
  const options = {
    ...{ host: '127.0.0.1', secret, clock: systemClock },
    onReceived: (each: Received) => received.push(each),
  }
  let running: Awaited<ReturnType<typeof startReceiver>> | undefined = await startReceiver({
    ...options,
    port: 0,
  })
  const { url } = running
  async function leave() {
    await running?.stop()
    running = undefined
  }
  await leave()
  return {
    /** The settings of a shop that has it. */
    environment: { RECOUP_DATA_PLATFORM_URL: url, RECOUP_DATA_PLATFORM_SECRET: secret },
    leave,
    async come() {
      running = await startReceiver({ ...options, port: Number(new URL(url).port) })
    },
    ids: () => received.flatMap(each => ('id' in each ? [each.id] : [])),
  }
}
