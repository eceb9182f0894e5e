import { type ReactNode, useEffect, useLayoutEffect, useRef } from 'react'
import { useText } from '../frame/language.tsx'
import { Button } from './button.tsx'
import { text } from './text.ts'

/**
 * A question that has to be answered first. The browser keeps the focus in it, closes it on Escape, and gives the focus
 * back to what opened it, however it ends.
 */
export function Dialog({
  title,
  open,
  onClose,
  children,
}: {
  title: ReactNode
  open: boolean
  onClose(): void
  children: ReactNode
}) {
  const words = useText(text)
  const dialog = useRef<HTMLDialogElement>(null)
  useEffect(() => {
    if (open && dialog.current?.open === false) {
      dialog.current.showModal()
      // The first thing to fill in, and not the cross. A phone would cover half of it with its keyboard.
      if (matchMedia('(pointer: fine)').matches) {
        dialog.current.querySelector<HTMLElement>('input, select, textarea')?.focus()
      }
    }
    if (!open) dialog.current?.close()
  }, [open])
  // Taken away while it is open, it would take the focus with it.
  useLayoutEffect(() => {
    const shown = dialog.current
    return () => shown?.close()
  }, [])
  return (
    <dialog
      ref={dialog}
      aria-labelledby="dialog-title"
      onClose={onClose}
      className="w-[calc(100%-2rem)] max-w-lg rounded-2xl border border-line bg-sheet p-5 text-ink backdrop:bg-black/50"
    >
      {open && (
        <>
          <div className="mb-3 flex items-start justify-between gap-3">
            <h2 id="dialog-title" className="text-lg font-semibold">
              {title}
            </h2>
            <Button look="quiet" className="-mt-1 -mr-2 shrink-0" aria-label={words.close} onClick={onClose}>
              ✕
            </Button>
          </div>
          {children}
        </>
      )}
    </dialog>
  )
}
