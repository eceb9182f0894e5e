/** The whole number that was typed, or `undefined`. */
export function wholeNumber(typed: string, min: number): number | undefined {
  const number = Number(typed)
  return typed.trim() !== '' && Number.isSafeInteger(number) && number >= min ? number : undefined
}
