/** A share from 0 to 1 as a bar; its numbers stand beside it in words. */
export function Bar({ share, low = false }: { share: number; low?: boolean }) {
  const width = `${Math.max(0, Math.min(1, share)) * 100}%`
  return (
    <div aria-hidden="true" className="h-2.5 w-full overflow-hidden rounded-full border border-line bg-paper">
      <div
        className={`h-full rounded-full motion-safe:transition-all ${low ? 'bg-undo' : 'bg-accent'}`}
        style={{ width }}
      />
    </div>
  )
}
