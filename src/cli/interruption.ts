const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

/**
 * Aborts with `reason` when somebody ends the process, so that what is half done can be taken back first; told a second
 * time it ends at once. Disposed of, a signal does again what it always does.
 */
export function interruption(reason: Error): Disposable & { readonly signal: AbortSignal } {
  const controller = new AbortController()
  const stopListening = () => {
    for (const signal of signals) process.off(signal, interrupt)
  }
  const interrupt = () => {
    stopListening()
    controller.abort(reason)
  }
  for (const signal of signals) process.on(signal, interrupt)
  return { signal: controller.signal, [Symbol.dispose]: stopListening }
}
