import { isOutsider, type Start } from '../graph.ts'

/** Returns a text that is equal for principals that have the same, apart from their names. */
export function likenessOf(principal: Start): string {
  if (isOutsider(principal)) return principal.arn
  const { type, account, attached, boundary, inline, tags } = principal
  const groups = principal.type === 'user' ? principal.groups : []
  return JSON.stringify([
    type,
    account,
    groups,
    attached,
    boundary,
    inline.map(({ policy }) => policy.text),
    tags,
  ])
}
