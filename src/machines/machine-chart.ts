import { createHash } from 'node:crypto'
import type { AnyStateMachine, AnyStateNode, AnyTransitionDefinition } from 'xstate'

/*
 * A machine as data that can be drawn: read from the very definition that runs, so that whoever changes the machine
 * changes its picture.
 */

/** A state; `id` is its path from the root, as `paying.claimingOrder`. */
export interface ChartState {
  readonly id: string
  /** The state it lies in; null at the top. */
  readonly parent: string | null
  readonly name: string
  readonly type: 'atomic' | 'compound' | 'parallel' | 'final' | 'history'
  /** Whether the state it lies in begins with it. */
  readonly initial: boolean
  /** What kind of stage it is a part of, its own tags and those of the states around it. */
  readonly tags: readonly string[]
  readonly description: string
}

/** A transition. One without a target of its own stays where it began. */
export interface ChartTransition {
  readonly id: string
  readonly from: string
  readonly to: string
  /** The event's type, the name of a delay, or empty for one that happens by itself. */
  readonly event: string
  readonly kind: 'event' | 'after' | 'always'
  readonly guard: string | null
  readonly description: string
}

export interface MachineChart {
  readonly id: string
  readonly version: string
  readonly description: string
  /** Tells this definition from any other. */
  readonly digest: string
  /** Outer ones before those in them. */
  readonly states: readonly ChartState[]
  readonly transitions: readonly ChartTransition[]
}

/** Reads a machine's definition. */
export function machineChart(machine: AnyStateMachine): MachineChart {
  const nodes = Object.values(machine.root.states).flatMap(nodesFrom)
  const chart = {
    id: machine.id,
    version: machine.version ?? '',
    description: machine.root.description ?? '',
    states: nodes.map(stateOf),
    transitions: nodes.flatMap(transitionsOf),
  }
  const digest = createHash('sha256').update(JSON.stringify(chart)).digest('base64url').slice(0, 16)
  return { ...chart, digest }
}

function nodesFrom(node: AnyStateNode): AnyStateNode[] {
  return [node, ...Object.values(node.states).flatMap(nodesFrom)]
}

const idOfNode = (node: AnyStateNode) => node.path.join('.')

function stateOf(node: AnyStateNode): ChartState {
  const { parent } = node
  return {
    id: idOfNode(node),
    parent: parent === undefined || parent.path.length === 0 ? null : idOfNode(parent),
    name: node.key,
    type: node.type,
    initial: parent?.initial?.target?.includes(node) ?? false,
    tags: tagsOf(node),
    description: node.description ?? '',
  }
}

function tagsOf(node: AnyStateNode): string[] {
  return [...(node.parent === undefined ? [] : tagsOf(node.parent)), ...node.tags]
}

function transitionsOf(node: AnyStateNode): ChartTransition[] {
  const from = idOfNode(node)
  return [...node.transitions.values(), ...(node.always === undefined ? [] : [node.always])]
    .flat()
    .map((transition, place) => {
      const target = transition.target?.[0]
      const to = target === undefined ? from : idOfNode(target)
      return {
        id: `${from}#${place + 1}`,
        from,
        to,
        ...happening(transition, node),
        guard: nameOf(transition.guard),
        description: transition.description ?? '',
      }
    })
}

function happening(
  transition: AnyTransitionDefinition,
  node: AnyStateNode,
): Pick<ChartTransition, 'event' | 'kind'> {
  const { eventType } = transition
  if (eventType === '') return { event: '', kind: 'always' }
  const delayed = node.after.find(candidate => candidate.eventType === eventType)
  if (delayed === undefined) return { event: eventType, kind: 'event' }
  return { event: String(delayed.delay), kind: 'after' }
}

/** A guard is named, or a name with parameters. */
function nameOf(guard: unknown): string | null {
  if (typeof guard === 'string') return guard
  if (typeof guard === 'object' && guard !== null && 'type' in guard) return String(guard.type)
  return null
}
