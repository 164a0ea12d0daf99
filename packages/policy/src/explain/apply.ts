import type { CompiledSet } from '../compile/compile.ts'
import { Layer } from '../compile/layer.ts'
import type { Policy } from '../document/policy.ts'
import type { PolicySource } from '../document/set.ts'
import { parsePolicy, policyFromJson } from '../parse/parse.ts'
import type { AddStatement, Edit, Place } from './edit.ts'

/**
 * Returns the set with one edit applied. Returns undefined if the set has no such policy, or the edited document is
 * not a policy. A policy with an ARN may be in several layers and levels; it is edited in all of them.
 */
export function applyEdit(compiled: CompiledSet, edit: Edit): CompiledSet | undefined {
  if (edit.type === 'addStatement' && edit.policy === undefined) {
    const made = newPolicy(edit)
    return made && withLayer(compiled, edit, [...(layerAt(compiled, edit)?.policies ?? []), made])
  }
  const { policy } = edit
  if (policy === undefined) return undefined
  let changed: CompiledSet | undefined
  for (const place of policy.source.arn === undefined ? [edit] : placesOf(compiled)) {
    const policies = layerAt(compiled, place)?.policies ?? []
    if (!policies.some((each) => isSame(each, policy))) continue
    const edited: PolicySource[] = []
    for (const each of policies) {
      if (!isSame(each, policy)) edited.push(each)
      // A document without statements is not a policy: the policy is removed.
      else if (edit.type !== 'removeStatement' || each.policy.statements.length > 1) {
        const again = editPolicy(each.policy, edit)
        if (again === undefined) return undefined
        edited.push({ policy: again, source: each.source })
      }
    }
    changed = withLayer(changed ?? compiled, place, edited)
  }
  return changed
}

/** Whether two sources are one policy. Of two policies with the same text, an edit changes only one. */
function isSame(one: PolicySource, other: PolicySource): boolean {
  const [a, b] = [one.source, other.source]
  return (
    one.policy.text === other.policy.text &&
    a.type === b.type &&
    a.arn === b.arn &&
    a.name === b.name &&
    a.id === b.id
  )
}

const layers = ['identity', 'boundary', 'session', 'resource', 'endpoint', 'scp', 'rcp'] as const

/** Every layer, and every level of SCPs and RCPs. */
export function placesOf(compiled: CompiledSet): readonly Place[] {
  return layers.flatMap((layer): readonly Place[] => {
    const found = compiled[layer]
    if (found === undefined) return []
    return found instanceof Layer ? [{ layer }] : found.map((_, level) => ({ layer, level }))
  })
}

/** The layer that an edit is about; of SCPs and RCPs one level. */
export function layerAt(compiled: CompiledSet, { layer, level }: Place): Layer | undefined {
  const found = compiled[layer]
  return found instanceof Layer ? found : found?.[level ?? 0]
}

function withLayer(
  compiled: CompiledSet,
  { layer, level }: Place,
  policies: readonly PolicySource[],
): CompiledSet {
  const fresh = new Layer(layer, policies)
  const before = compiled[layer]
  if (before === undefined || before instanceof Layer) return { ...compiled, [layer]: fresh }
  return { ...compiled, [layer]: before.map((each, index) => (index === (level ?? 0) ? fresh : each)) }
}

function newPolicy(edit: AddStatement): PolicySource | undefined {
  const document = { Version: '2012-10-17', Statement: [edit.statement] }
  const parsed = policyFromJson(document, edit.layer)
  return parsed.ok ? { policy: parsed.policy, source: { type: 'none', name: 'a new policy' } } : undefined
}

interface Json {
  [key: string]: unknown
}

/** A cache of edited policies: the questions of one call share their policies. */
const editedPolicies = new WeakMap<Policy, WeakMap<Edit, Policy | undefined>>()

function editPolicy(policy: Policy, edit: Edit): Policy | undefined {
  let known = editedPolicies.get(policy)
  if (known === undefined) {
    known = new WeakMap()
    editedPolicies.set(policy, known)
  }
  if (!known.has(edit)) known.set(edit, editText(policy, edit))
  return known.get(edit)
}

/** Changes the document's JSON and reads it again, so that the checked document is the one that would be stored. */
function editText(policy: Policy, edit: Edit): Policy | undefined {
  // The text has been read as a policy: an object …
  const document = JSON.parse(policy.text) as Json
  // … whose statements are objects, in a list or alone.
  const statements = listOf(document.Statement) as Json[]
  if (edit.type === 'addStatement') statements.push({ ...edit.statement })
  else if (edit.type === 'removeStatement') statements.splice(edit.statement.index, 1)
  else changeStatement(statements[edit.statement.index] ?? {}, edit)
  document.Statement = statements
  const parsed = parsePolicy(JSON.stringify(document, null, 2), policy.kind, { lenient: true })
  return parsed.ok ? parsed.policy : undefined
}

type StatementChange = Exclude<Edit, { type: 'addStatement' | 'removeStatement' }>
type MemberChange = Exclude<StatementChange, { type: 'removeValue' }>

function changeStatement(statement: Json, edit: StatementChange): void {
  if (edit.type === 'removeValue') {
    const { element, value: gone } = edit
    statement[element] = listOf(statement[element]).filter((each) => each !== gone)
    return
  }
  const { object, key, value } = memberOf(statement, edit)
  if (object === undefined) return
  if (value === undefined) delete object[key]
  else object[key] = object[key] === undefined ? value : [...listOf(object[key]), value]
}

/** The member that an edit changes and the value that it adds. Without a value the member is removed. */
function memberOf(
  statement: Json,
  edit: MemberChange,
): { readonly object: Json | undefined; readonly key: string; readonly value?: string } {
  switch (edit.type) {
    case 'addAction':
      return { object: statement, key: either(statement, 'Action'), value: edit.action }
    case 'addResource':
      return { object: statement, key: either(statement, 'Resource'), value: edit.resource }
    case 'addPrincipal': {
      const element = statement[either(statement, 'Principal')]
      const { type, value } = edit.principal
      return { object: isJson(element) ? element : undefined, key: type, value }
    }
    case 'addConditionValue':
      return { object: conditionBlock(statement, edit.operator), key: edit.key, value: edit.value }
    case 'removeCondition':
      return { object: conditionBlock(statement, edit.operator), key: edit.key }
  }
}

function either(statement: Json, name: string): string {
  return name in statement ? name : `Not${name}`
}

function conditionBlock(statement: Json, operator: string): Json | undefined {
  const block = isJson(statement.Condition) ? statement.Condition[operator] : undefined
  return isJson(block) ? block : undefined
}

function listOf(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [value]
}

function isJson(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
