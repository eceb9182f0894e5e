import type { AnyStateMachine, AnyStateNode } from 'xstate'

/** The states of a machine, and the transitions out of them, that say nothing about themselves to whoever looks at it. */
export function undescribed(machine: AnyStateMachine): string[] {
  return inside(machine.root)
}

function inside(node: AnyStateNode): string[] {
  const ways = [...node.transitions.values(), node.always ?? []].flat()
  const silent = ways
    .filter(({ target, description }) => target?.some(other => other !== node) && !description)
    .map(({ eventType, target }) => `${node.id}: ${eventType} to ${target?.map(({ id }) => id).join()}`)
  return [...(node.description ? [] : [node.id]), ...silent, ...Object.values(node.states).flatMap(inside)]
}
