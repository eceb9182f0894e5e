/** The whole number that was typed, with or without commas between its thousands, or `undefined`. */
export function wholeNumber(
  typed: string,
  min: number,
  max: number = Number.MAX_SAFE_INTEGER,
): number | undefined {
  const text = typed.trim()
  if (!/^(\d+|\d{1,3}(,\d{3})+)$/.test(text)) return undefined
  const number = Number(text.replaceAll(',', ''))
  return Number.isSafeInteger(number) && number >= min && number <= max ? number : undefined
}
