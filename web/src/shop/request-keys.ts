/*
 * Idempotency keys that outlive the page: a double click, a reload and a lost answer ask the same thing under the same key,
 * so the server carries it out once. A key belongs to what is asked, not to the click.
 */

type Store = Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>

export interface RequestKeys {
  /** The key of what `about` names; the same until it is forgotten. */
  of(about: string): string
  /** Whether it was asked from here, and not forgotten. */
  has(about: string): boolean
  /** From now on the same is something new. */
  forget(about: string): void
}

export function createRequestKeys(store: Store, random: () => string): RequestKeys {
  const name = (about: string) => `recoup-key ${about}`
  return {
    of(about) {
      const kept = store.getItem(name(about))
      if (kept !== null) return kept
      const made = random()
      store.setItem(name(about), made)
      return made
    },
    has: about => store.getItem(name(about)) !== null,
    forget: about => store.removeItem(name(about)),
  }
}

/** That an order was tried to be paid, which the order itself does not know when it refused to. */
export function aboutTrying(orderId: number): string {
  return `try to pay ${orderId}`
}

/** Paying is something new with every attempt, and with another coupon. */
export function aboutPaying(orderId: number, attempt: number, couponId: number | null): string {
  return `pay ${orderId} attempt ${attempt} coupon ${couponId ?? 'none'}`
}
