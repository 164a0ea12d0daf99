import { isOutsider, type Start } from '../graph.ts'

/** Returns a text that is equal for principals that have the same, apart from their names. */
export function likenessOf(person: Start): string {
  if (isOutsider(person)) return person.arn
  const { type, account, attached, boundary, inline, tags } = person
  const groups = person.type === 'user' ? person.groups : []
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
