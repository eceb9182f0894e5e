/** The filters of the audit log as they stand in the URL of the page. */
export interface AuditSearch {
  readonly operator?: string
  /** An address, `payment/1001`, or the kind of one. */
  readonly subject?: string
  readonly action?: string
}

/** Reads the filters from a URL that anybody may have typed. */
export function auditSearch(given: Record<string, unknown>): AuditSearch {
  const names = ['operator', 'subject', 'action'] as const
  return Object.fromEntries(
    names.flatMap(name => {
      const value = given[name]
      const text = typeof value === 'string' || typeof value === 'number' ? `${value}`.trim() : ''
      return text === '' ? [] : [[name, text.slice(0, 200)]]
    }),
  )
}
