import { isOutsider, type Start } from '../graph.ts'

/** What makes two principals alike, apart from their names: what they have. */
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
