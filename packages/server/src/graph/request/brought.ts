import type { Asked, KeyDomain, OpenRequest } from '@omen-iam/policy'
import {
  type CallNetwork,
  type TechniqueTable,
  type TechniqueTagging,
  techniqueTable,
} from '../../authorization/catalogue/index.ts'
import { perObject } from '../../base/index.ts'
import { regionsOf } from './shape.ts'
import type { CallerKeys } from './variant.ts'

/** The additions that conditions ask of calls. */
export interface Brought {
  /** The keys of the tags that what is made or changed gets in the same call; absent: none. */
  readonly tags?: readonly string[]
  /** Whether the calls that tag are asked for. */
  readonly isTagAsked?: boolean
  /** Whether it may be so limited that what runs is not what the attacker wants. */
  readonly isLimited?: boolean
  /** Whether what runs is put into a network. */
  readonly isInNetwork?: boolean
  /** Whether a service makes the call with the caller's credentials. */
  readonly isForwarded?: boolean
  /** The action of the call that brings what runs. */
  readonly carrier?: string | undefined
  /** Which of the things that the carrier may bring it brings: the first, if absent. */
  readonly choice?: number
}

/** The keys of a call that say which network what runs is put into. A call that names none has none of them. */
export function networkKeys(action: string): readonly string[] {
  return techniqueTable().calls[action]?.network?.keys ?? []
}

/** The permissions that the caller of a plan, and the role that it uses, need to put code into a network. */
export function networkCalls(actions: readonly string[]): Pick<CallNetwork, 'caller' | 'role'> {
  const { calls } = techniqueTable()
  const found = actions.flatMap((action) => calls[action]?.network ?? [])[0]
  return { caller: found?.caller ?? [], role: found?.role ?? [] }
}

/** The action of the call that brings what runs: the first of a plan's. */
export function carrierOf(actions: readonly string[]): string | undefined {
  const { calls } = techniqueTable()
  return actions.find((action) => {
    const { carries, unless = '' } = calls[action] ?? {}
    return carries !== undefined && !actions.includes(unless)
  })
}

/** The condition keys of a call that say what runs, or limit it. */
export function runningKeys(action: string, carrier: string | undefined): readonly string[] {
  const { limits = [], carries = [] } = techniqueTable().calls[action] ?? {}
  return [...limits, ...(action === carrier ? carries.map(({ key }) => key) : [])]
}

/** The number of things that a call may bring to run, of which it brings one. */
export function choicesOf(action: string | undefined): number {
  return techniqueTable().calls[action ?? '']?.carries?.length ?? 0
}

const requestTags = 'aws:RequestTag/*'
const tagKeys = 'aws:TagKeys'
const present: KeyDomain = { mayBeAbsent: false }

/** The condition keys of a call that brings this, or nothing. `set`: keys that the technique sets. [PSR-13] */
export function broughtKeys(
  action: string,
  tagging: TechniqueTagging | undefined,
  brought: Brought | undefined,
  keys: CallerKeys,
  partition: string,
  set: Readonly<Record<string, string>> = {},
): CallerKeys {
  const chosen: Record<string, KeyDomain> = { ...keys.chosen }
  const context = { ...keys.context }
  if (brought?.isLimited !== true) {
    for (const key of techniqueTable().calls[action]?.limits ?? [])
      if (set[key] === undefined) delete chosen[key]
    const running = runningKey(action, brought, partition)
    if (running !== undefined) chosen[running[0]] = { ...chosen[running[0]], ...running[1] }
  }
  for (const key of networkKeys(action)) {
    if (brought?.isInNetwork !== true) delete chosen[key]
    else if (chosen[key] !== undefined) chosen[key] = { ...chosen[key], mayBeAbsent: false }
  }
  if (tagging !== undefined) {
    const mayHave = chosen[requestTags] !== undefined
    delete chosen[requestTags]
    delete chosen[tagKeys]
    if (mayHave && brought?.tags !== undefined) {
      context[tagKeys] = brought.tags
      for (const key of brought.tags) chosen[`aws:RequestTag/${key}`] = present
    }
  }
  return { ...keys, context, chosen }
}

/** The key that holds what a call has run, with what it holds. */
function runningKey(
  action: string,
  brought: Brought | undefined,
  partition: string,
): readonly [string, KeyDomain] | undefined {
  if (brought?.carrier !== action) return undefined
  const carried = techniqueTable().calls[action]?.carries?.[brought.choice ?? 0]
  if (carried === undefined) return undefined
  const { key, value, isMultivalued } = carried
  const own = value.replace('${Partition}', partition).replace('${Region}', regionsOf(partition)[0] ?? '')
  return [key, { values: [own], mayBeAbsent: false, ...(isMultivalued === true ? { isMultivalued } : {}) }]
}

/**
 * The request for the action that tags what a call makes or changes, in the same call: its tags are the same.
 * Undefined if the call brings no tags, or if the service asks for no further action. [GRD-36, IAM-52]
 */
export function taggingOf(
  asked: Asked,
  tagging: TechniqueTagging | undefined,
  brought: Brought | undefined,
): Asked | undefined {
  const { request } = asked
  const { action, created } = tagging ?? {}
  if (action === undefined || brought?.isTagAsked !== true || !bringsTags(asked)) return undefined
  const global = <Value>(keys: Readonly<Record<string, Value>> = {}): Record<string, Value> =>
    Object.fromEntries(Object.entries(keys).filter(([key]) => key.startsWith('aws:')))
  const name = request.action.slice(request.action.indexOf(':') + 1)
  return {
    ...asked,
    request: {
      ...request,
      action,
      context: { ...global(request.context), ...(created === undefined ? {} : { [created]: name }) },
      chosen: global(request.chosen),
    },
  }
}

/** Whether a request brings tags. */
export function bringsTags({ request }: Asked): boolean {
  return (
    request.context[tagKeys] !== undefined &&
    Object.keys(request.chosen ?? {}).some((key) => /^aws:RequestTag\/./.test(key))
  )
}

/** Calls whose conditions say what other calls bring: those that forward, and those that code in a network needs. */
export function bringingCalls(): readonly string[] {
  return bringing(techniqueTable())
}

const bringing = perObject((table: TechniqueTable): readonly string[] => {
  const networks = Object.values(table.calls).flatMap((call) => call?.network ?? [])
  return [...forwarders(table), ...new Set(networks.flatMap(({ caller, role }) => [...caller, ...role]))]
})

/** Actions by which services make calls of the caller's choice with its credentials. [POL-110] */
export function forwarding(): readonly string[] {
  return forwarders(techniqueTable())
}

const forwarders = perObject(({ calls }: TechniqueTable) =>
  Object.keys(calls).filter((action) => calls[action]?.isForwarding === true),
)

/** The same request through a service: which services it came through is left open. */
export function forwarded(request: OpenRequest): OpenRequest {
  const { 'aws:ViaAWSService': _direct, ...context } = request.context
  const anything: KeyDomain = { mayBeAbsent: true }
  return {
    ...request,
    context,
    open: {
      ...request.open,
      'aws:ViaAWSService': { values: ['true', 'false'], mayBeAbsent: false },
      'aws:CalledVia': { mayBeAbsent: true, isMultivalued: true },
      'aws:CalledViaFirst': anything,
      'aws:CalledViaLast': anything,
    },
  }
}
