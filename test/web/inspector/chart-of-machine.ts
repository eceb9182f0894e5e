import type { FollowedChart } from '../../../web/src/inspector/path-taken.ts'

interface Node {
  readonly path: readonly string[]
  readonly states: Readonly<Record<string, Node>>
  readonly transitions: ReadonlyMap<string, readonly Transition[]>
  readonly always?: readonly Transition[] | undefined
  readonly initial: { readonly target: readonly Node[] }
  readonly parent: Node | undefined
}

interface Transition {
  readonly eventType: string
  readonly target: readonly Node[] | undefined
}

const idOf = (node: Node) => node.path.join('.')

/** The states and transitions of a machine, as its chart tells them. */
export function chartOfMachine(root: unknown): FollowedChart {
  const nodes = [...nodesOf(root as Node)]
  const transitions = nodes.flatMap(node => [
    ...[...node.transitions.values()].flat().map(transition => ({ node, transition })),
    ...(node.always ?? []).map(transition => ({ node, transition })),
  ])
  return {
    states: nodes.map(node => ({
      id: idOf(node),
      parent: node.parent === undefined || node.parent.path.length === 0 ? null : idOf(node.parent),
      initial: node.parent?.initial.target[0] === node,
    })),
    transitions: transitions.map(({ node, transition: { eventType, target } }, place) => ({
      id: `${idOf(node)} ${eventType} ${place}`,
      from: idOf(node),
      to: target?.[0] === undefined ? idOf(node) : idOf(target[0]),
      event: eventType,
      kind: eventType === '' ? 'always' : eventType.startsWith('xstate.after.') ? 'after' : 'event',
    })),
  }
}

function* nodesOf(node: Node): Iterable<Node> {
  if (node.path.length > 0) yield node
  for (const child of Object.values(node.states)) yield* nodesOf(child)
}
