/**
 * Text as it is compared in a search: without regard to case, in any script. Lower case first and then upper makes one of
 * what has several small forms (σ and ς, ß and ss); NFKC makes one of what can be written in two ways (Hangul by syllable
 * or by letter, full and half width).
 */
export function foldedText(text: string): string {
  return text.normalize('NFKC').toLowerCase().toUpperCase().normalize('NFKC')
}
