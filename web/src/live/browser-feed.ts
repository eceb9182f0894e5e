import { ownHeaders } from '../api/client.ts'
import { connectFeed, type FeedNeeds } from './feed-connection.ts'

/** Reads the feed as whoever is logged in, until what it returns is called. */
export function connectBrowserFeed(needs: Omit<FeedNeeds, 'headers' | 'fetch' | 'wait'>): () => void {
  return connectFeed({
    ...needs,
    headers: ownHeaders,
    fetch: (target, init) => fetch(target, init),
    wait(delayMs, run) {
      const timer = setTimeout(run, delayMs)
      return () => clearTimeout(timer)
    },
  })
}
