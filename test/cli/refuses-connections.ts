import { once } from 'node:events'
import { connect } from 'node:net'

/** Whether nobody listens any more where the server at `url` did. */
export async function refusesConnections(url: string): Promise<boolean> {
  const socket = connect(Number(new URL(url).port), '127.0.0.1')
  try {
    await once(socket, 'connect')
    return false
  } catch {
    return true
  } finally {
    socket.destroy()
  }
}
