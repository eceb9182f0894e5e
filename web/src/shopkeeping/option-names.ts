import { productOptionsMax } from '../../../src/money.ts'

/** The names of options that were typed with commas between them, and what is wrong with them, if anything is. */
export function optionNamesOf(typed: string): {
  names: readonly string[]
  fault: 'NONE' | 'TWICE' | 'TOO_LONG' | 'TOO_MANY' | undefined
} {
  const names = typed
    .split(',')
    .map(name => name.trim())
    .filter(name => name !== '')
  const fault =
    names.length === 0
      ? 'NONE'
      : names.length > productOptionsMax
        ? 'TOO_MANY'
        : names.some(name => [...name].length > 50)
          ? 'TOO_LONG'
          : new Set(names).size < names.length
            ? 'TWICE'
            : undefined
  return { names, fault }
}
