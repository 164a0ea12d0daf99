import { type JsonNode, Lines } from '@omen-iam/policy'
import type { Image, ImageFinding, SourcePlace, TemplateSource } from '../../intake/index.ts'
import { at, itemsOf, member, textOf } from '../../sources/index.ts'

/** A user or group that a plan of Terraform gives another name or path. */
export interface Rename {
  readonly at: SourcePlace
  readonly list: 'users' | 'groups'
  readonly from: Naming
  readonly to: Naming
}

interface Naming {
  readonly name: string
  readonly path: string
}

const lists = { aws_iam_user: 'users', aws_iam_group: 'groups' } as const

/** The users and groups that a plan renames in place: they keep their id, and what they may do (behaviour TPL-184). */
export function renamedBy({ file, text, root }: TemplateSource): readonly Rename[] {
  const lines = new Lines(text)
  return itemsOf(member(root, 'resource_changes')).flatMap((change): readonly Rename[] => {
    const type = textOf(member(change, 'type'))
    const isUpdate =
      itemsOf(at(change, 'change', 'actions'))
        .map(textOf)
        .join() === 'update'
    if (!isUpdate || (type !== 'aws_iam_user' && type !== 'aws_iam_group')) return []
    const [from, to] = [namingOf(at(change, 'change', 'before')), namingOf(at(change, 'change', 'after'))]
    if (from === undefined || to === undefined || (from.name === to.name && from.path === to.path)) return []
    const { line, column } = lines.position(change.start)
    return [{ at: { file, line, column }, list: lists[type], from, to }]
  })
}

function namingOf(values: JsonNode | undefined): Naming | undefined {
  const name = textOf(member(values, 'name'))
  return name === undefined ? undefined : { name, path: textOf(member(values, 'path')) ?? '/' }
}

/** A state with the names that users and groups get. */
export function withRenames(image: Image, renames: readonly Rename[]): Image {
  if (renames.length === 0) return image
  const keyOf = (list: string, name: string): string => `${list} ${name.toLowerCase()}`
  const targets = new Map(renames.map((each) => [keyOf(each.list, each.from.name), each.to]))
  const userName = (name: string) => targets.get(keyOf('users', name))?.name ?? name
  const renamed =
    (list: string) =>
    <Named extends { readonly name: string }>(each: Named): Named => ({
      ...each,
      ...targets.get(keyOf(list, each.name)),
    })
  return {
    ...image,
    accounts: image.accounts.map((account) => ({
      ...account,
      groups: account.groups.map(renamed('groups')),
      users: account.users.map((user) => ({
        ...renamed('users')(user),
        ...(user.groups === undefined
          ? {}
          : { groups: user.groups.map((name) => targets.get(keyOf('groups', name))?.name ?? name) }),
      })),
      accessKeys: account.accessKeys.map((key) => ({
        ...key,
        user: key.user === null ? null : userName(key.user),
      })),
      loginProfiles: account.loginProfiles.map((profile) => ({
        ...profile,
        user: userName(profile.user),
      })),
    })),
  }
}

/** The note about a rename. */
export function renameNote({ at: place, list, from, to }: Rename): ImageFinding {
  const kind = list === 'users' ? 'user' : 'group'
  const message = `${kind}${from.path}${from.name} is renamed ${kind}${to.path}${to.name}, and compared as the same.`
  return { at: place, code: 'renamed', message }
}
