/* How figures are written. */

export const milliseconds = (value: number) => `${value.toFixed(value < 10 ? 1 : 0)} ms`

export const perSecond = (value: number) => value.toFixed(value < 10 ? 1 : 0)

/** Of a share from 0 to 1. */
export const percent = (share: number) => `${(share * 100).toFixed(0)} %`
