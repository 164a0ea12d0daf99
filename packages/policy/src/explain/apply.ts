import type { CompiledSet } from '../compile/compile.ts'
import { Layer } from '../compile/layer.ts'
import type { PolicySource } from '../compile/set.ts'
import { parsePolicy, policyFromJson } from '../document/parse.ts'
import type { Policy, PolicyKind } from '../document/policy.ts'
import type { LayerName } from '../evaluate/decision.ts'
import type { Edit, Place } from './edit.ts'

/** The set with one edit made; undefined when the edited document is none that the engine reads. */
export function applyEdit(compiled: CompiledSet, edit: Edit): CompiledSet | undefined {
  const layer = layerAt(compiled, edit)
  const policies = layer?.policies ?? []
  if (edit.type === 'addStatement' && edit.policy === undefined) {
    const policy = newPolicy(edit)
    return policy && withLayer(compiled, edit, [...policies, policy])
  }
  if (edit.type === 'removeStatement' && edit.policy.policy.statements.length === 1) {
    // A document without statements is none: the policy itself goes.
    const rest = policies.filter(({ policy }) => policy !== edit.policy.policy)
    return withLayer(compiled, edit, rest)
  }
  const edited = edit.policy && editPolicy(edit.policy.policy, edit)
  if (edit.policy === undefined || edited === undefined) return undefined
  const { policy: before, source } = edit.policy
  return withLayer(
    compiled,
    edit,
    policies.map((each) => (each.policy === before ? { policy: edited, source } : each)),
  )
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

const KINDS: Readonly<Record<LayerName, PolicyKind>> = {
  identity: 'identity',
  resource: 'resource',
  boundary: 'boundary',
  session: 'session',
  scp: 'scp',
  rcp: 'rcp',
  endpoint: 'endpoint',
}

function newPolicy(edit: Extract<Edit, { type: 'addStatement' }>): PolicySource | undefined {
  const document = { Version: '2012-10-17', Statement: [edit.statement] }
  const parsed = policyFromJson(document, KINDS[edit.layer])
  return parsed.ok ? { policy: parsed.policy, source: { type: 'none', name: 'suggested' } } : undefined
}

interface Json {
  [key: string]: unknown
}

/** Makes the change in the document's JSON and reads it again, so that what is checked is what would be stored. */
function editPolicy(policy: Policy, edit: Edit): Policy | undefined {
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

function changeStatement(statement: Json, edit: StatementChange): void {
  const { object, key, value } = memberOf(statement, edit)
  if (object === undefined) return
  if (value === undefined) delete object[key]
  else object[key] = object[key] === undefined ? value : [...listOf(object[key]), value]
}

/** The member that an edit changes and what it adds there; no value: the member goes. */
function memberOf(
  statement: Json,
  edit: StatementChange,
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
