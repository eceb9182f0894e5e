/**
 * Ids are positive safe integers: 41 bits of milliseconds since 2010, 5 of node, 7 of sequence. They rise strictly,
 * never below the last one stored, whatever the clock does. With this epoch every id until 2079 has 16 digits.
 */
const epochMs = Date.UTC(2010, 0, 1)
const sequenceBits = 7
const nodeBits = 5
const sequenceMask = 2 ** sequenceBits - 1
const idsPerMs = 2 ** (nodeBits + sequenceBits)

export type NewId = () => number

/**
 * Makes ids for one process. `last` is the highest id ever stored (0 for none), `node` is 0 to 31.
 * When more than 128 are asked for in a millisecond they borrow from the next one.
 */
export function createIds(now: () => number, last = 0, node = 0): NewId {
  let lastMs = Math.floor(last / idsPerMs)
  let sequence = sequenceMask
  return () => {
    const ms = now() - epochMs
    if (ms > lastMs) {
      lastMs = ms
      sequence = 0
    } else if (sequence < sequenceMask) {
      sequence += 1
    } else {
      lastMs += 1
      sequence = 0
    }
    return lastMs * idsPerMs + node * (sequenceMask + 1) + sequence
  }
}
