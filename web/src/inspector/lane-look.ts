import type { Lane } from './history.ts'

/** How the lanes look; each differs from the others by its sign and its pattern too. */
export const laneLooks: Readonly<
  Record<Lane, { readonly sign: string; readonly ink: string; readonly bar: string }>
> = {
  forward: { sign: '→', ink: 'text-accent', bar: 'bg-accent' },
  undo: {
    sign: '↶',
    ink: 'text-undo',
    bar: 'bg-[repeating-linear-gradient(135deg,var(--undo)_0_4px,var(--undo-soft)_4px_8px)]',
  },
  return: {
    sign: '⟲',
    ink: 'text-info',
    bar: 'bg-[repeating-linear-gradient(90deg,var(--info)_0_3px,var(--info-soft)_3px_6px)]',
  },
}
