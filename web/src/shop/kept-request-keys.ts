import { createRequestKeys } from './request-keys.ts'

/** The keys of this browser. */
export const requestKeys = createRequestKeys(localStorage, () => crypto.randomUUID())
