import { type JsonNode, type JsonObject, parseJson } from '../document/json.ts'
import type { PolicyKind } from '../document/policy.ts'

/**
 * Guesses the kind of a document from its content. With principals, it is a trust policy if all actions assume roles,
 * a key policy if all actions are of KMS, and otherwise a resource policy. SCPs, boundaries and session policies look
 * like identity policies.
 */
export function guessKind(text: string): PolicyKind {
  const root = parseJson(text)
  if (root.type !== 'object') return 'identity'
  const statement = member(root, 'Statement')
  const statements = (statement?.type === 'list' ? statement.items : [statement]).filter(
    (each): each is JsonObject => each?.type === 'object',
  )
  const has = (...names: readonly string[]) =>
    statements.some((each) => each.members.some(({ key }) => names.includes(key.value)))
  if (!has('Principal', 'NotPrincipal')) return 'identity'
  const actions = statements.flatMap((each) => texts(member(each, 'Action') ?? member(each, 'NotAction')))
  const only = (prefix: string) =>
    actions.length > 0 && actions.every((action) => action.toLowerCase().startsWith(prefix))
  if (only('sts:') && !has('Resource', 'NotResource')) return 'trust'
  return only('kms:') ? 'key' : 'resource'
}

function member(object: JsonObject, name: string): JsonNode | undefined {
  return object.members.find(({ key }) => key.value === name)?.value
}

function texts(node: JsonNode | undefined): readonly string[] {
  const items = node?.type === 'list' ? node.items : [node]
  return items.flatMap((item) => (item?.type === 'string' ? [item.value] : []))
}
