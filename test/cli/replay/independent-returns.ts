import { readFileSync } from 'node:fs'

/**
 * What of a file comes back of what the same customer bought before, when everything is paid: told once more without the
 * reader, the catalogue or the matching of the replay, by walking the lines in time and looking back from each return.
 */
export function independentReturns(file: string): { units: number; pence: number } {
  const sold: { at: number; customer: string; code: string; pence: number; left: number }[] = []
  const back: { at: number; customer: string; code: string; quantity: number }[] = []
  // An invoice counts from its last line on.
  const lines = readFileSync(file, 'utf8').split(/\r?\n/).slice(1)
  const fieldsOf = lines.map(line => line.split(','))
  const endOf = new Map<string, number>()
  for (const [at, fields] of fieldsOf.entries()) endOf.set(fields[0] ?? '', at)
  for (const fields of fieldsOf) {
    const [invoice = '', code = ''] = fields
    const customer = fields.at(-2) ?? ''
    const quantity = Number(fields.at(-5))
    const pence = Math.round(Number(fields.at(-3)) * 100)
    const at = endOf.get(invoice) ?? 0
    if (customer === '') continue
    if (/^\d+$/.test(invoice) && quantity > 0 && pence > 0)
      sold.push({ at, customer, code, pence, left: quantity })
    if (/^C/.test(invoice) && quantity < 0) back.push({ at, customer, code, quantity: -quantity })
  }
  sold.sort((a, b) => a.at - b.at)
  const sum = { units: 0, pence: 0 }
  for (const { at, customer, code, quantity } of back.sort((a, b) => a.at - b.at)) {
    let wanted = quantity
    for (const line of sold) {
      if (line.at > at || line.customer !== customer || line.code !== code) continue
      const units = Math.min(wanted, line.left)
      line.left -= units
      wanted -= units
      sum.units += units
      sum.pence += units * line.pence
    }
  }
  return sum
}
