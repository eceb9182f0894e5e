import { actorBugs } from './bugs/actor-bugs.ts'
import { keyBugs } from './bugs/key-bugs.ts'
import { orderBugs } from './bugs/order-bugs.ts'
import { paymentBugs } from './bugs/payment-bugs.ts'
import { returnBugs } from './bugs/return-bugs.ts'
import { runtimeBugs } from './bugs/runtime-bugs.ts'
import { storeBugs } from './bugs/store-bugs.ts'
import type { PlantedBug } from './planted-bug.ts'

export const plantedBugs: readonly PlantedBug[] = [
  ...runtimeBugs,
  ...keyBugs,
  ...storeBugs,
  ...paymentBugs,
  ...orderBugs,
  ...returnBugs,
  ...actorBugs,
]

/** Throws when there is no bug of that name. */
export function bugNamed(name: string): PlantedBug {
  const bug = plantedBugs.find(bug => bug.name === name)
  if (bug === undefined) throw new Error(`There is no bug to plant that is called ${JSON.stringify(name)}.`)
  return bug
}
