/** The smallest value that at least `percent` of the values do not pass (nearest rank); NaN of none. */
export function percentile(values: readonly number[], percent: number): number {
  const sorted = Float64Array.from(values).sort()
  return sorted[Math.max(0, Math.ceil((sorted.length * percent) / 100) - 1)] ?? Number.NaN
}

/** The middle value, or the mean of the middle two; NaN of none. */
export function median(values: readonly number[]): number {
  return (percentile(values, 50) + percentile([...values.map(value => -value)], 50) * -1) / 2
}
