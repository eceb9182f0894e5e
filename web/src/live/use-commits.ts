import { useEffect, useEffectEvent, useState } from 'react'
import { connectBrowserFeed } from './browser-feed.ts'
import type { FeedStatus } from './feed-connection.ts'

/**
 * Runs `onCommit` after each commit that was about an order, and whenever the connection stands: what was committed before
 * it did was not told. Gives `undefined` where nothing is watched, and where the server does not let this person watch.
 */
export function useCommits(orderId: number | undefined, onCommit: () => void): FeedStatus | undefined {
  const [status, setStatus] = useState<FeedStatus>()
  const noteCommit = useEffectEvent(onCommit)
  useEffect(() => {
    if (orderId === undefined) return
    setStatus('connecting')
    const disconnect = connectBrowserFeed({
      url: `/operator/feed?order=${orderId}`,
      onRows: () => noteCommit(),
      onStatus(next) {
        setStatus(next)
        if (next === 'live') noteCommit()
      },
      onRefused: () => setStatus(undefined),
    })
    return () => {
      disconnect()
      setStatus(undefined)
    }
  }, [orderId])
  return status
}
