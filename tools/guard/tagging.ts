import {
  type ActionInfo,
  type ActionResource,
  actionInfo,
} from '../../packages/server/src/authorization/catalogue/index.ts'
import type { Habits } from './corrections.ts'
import { plain } from './mapping.ts'
import type { WrittenNeed, WrittenTags } from './notation.ts'

const verbs = /^(?:Create|Put|Register|Run|Start|Import|Copy|Restore|Allocate|Purchase|Request)/

/**
 * What a call asks beside its own action where it brings tags for what it makes: the service's tagging action, on
 * that very thing (behaviour GRD-36). The reference lists it beside the operation's action, or AWS's documentation
 * says so, and the corrections after it.
 */
export function taggingNeeds(
  name: string,
  asks: readonly WrittenNeed[],
  tags: readonly WrittenTags[],
  { tagging = {} }: Habits,
): readonly WrittenNeed[] {
  const told = Object.entries(tagging).find(([names]) => names.split(' ').includes(name))?.[1]
  const listed = asks.flatMap(({ action }) => actionInfo(action)?.dependentActions ?? [])
  const actions = [...new Set([...(told === undefined ? [] : [told]), ...listed])].flatMap(
    (action) => actionInfo(action) ?? [],
  )
  return actions
    .filter((action) => isTagging(action) && isBeside(action, asks))
    .flatMap((action) => tags.flatMap((place) => needsOf(action, name, asks, place)))
}

/** Whether an action puts tags on things. */
function isTagging({ name, accessLevel }: ActionInfo): boolean {
  return accessLevel === 'Tagging' && /^(?:Tag|AddTags|CreateTags)/.test(name)
}

/** Whether an action is one of the services asked already, and not asked yet. */
function isBeside({ service, name }: ActionInfo, asks: readonly WrittenNeed[]): boolean {
  return (
    asks.some(({ action }) => action.startsWith(`${service}:`)) &&
    !asks.some(({ action }) => action === `${service}:${name}`)
  )
}

function needsOf(
  action: ActionInfo,
  name: string,
  asks: readonly WrittenNeed[],
  { at, form }: WrittenTags,
): readonly WrittenNeed[] {
  const created = `${action.service}:CreateAction`
  const knowsCreation = [action, ...action.resources].some(({ conditionKeys }) =>
    conditionKeys.includes(created),
  )
  const need = {
    action: `${action.service}:${action.name}`,
    ...(knowsCreation && { keys: { [created]: `=${name}` } }),
  }
  if (action.service === 'ec2') return specified.map((each) => ({ ...need, ...each }))
  // tags of something else that is made beside it
  if (at.includes('[].')) return []
  // a copy is tagged, not what it is made of
  const on = madeBy(name, action, asks)?.replace(/\$\{Source\w+,(Target\w+)\}/, '${$1}')
  return [{ ...need, ...(on !== undefined && { on: [on] }), when: form === 'map' ? `${at}{}` : at }]
}

/** Amazon EC2 is told what is tagged by its kind; images and snapshots have no account in their ARNs. */
const specified: readonly Pick<WrittenNeed, 'each' | 'when' | 'on'>[] = [
  ['.ResourceType!=image & .ResourceType!=snapshot', '${Account}:${.ResourceType}'],
  ['.ResourceType=image', ':image'],
  ['.ResourceType=snapshot', ':snapshot'],
].map(([when, kind]) => ({
  each: 'TagSpecifications[]',
  when: when!,
  on: [`arn:\${Partition}:ec2:\${Region}:${kind}/*`],
}))

/** The ARN of what an operation makes: a template of its own, or the pattern of the kind that it is named after. */
function madeBy(name: string, action: ActionInfo, asks: readonly WrittenNeed[]): string | undefined {
  const templates = asks.flatMap(({ on = [] }) => on)
  const required = templates.filter((template) => !template.startsWith('?'))
  const noun = plain(name.replace(verbs, '').replace(/(?<=[a-z])(?:From|To|With)[A-Z].*$/, ''))
  const kinds = action.resources.map((kind) => [plain(kind.type), kind] as const)
  const exact = kinds.find(([kind]) => kind === noun)?.[1]
  if (exact !== undefined) return templateOfKind(exact, templates) ?? opened(exact)
  const named = kinds
    .filter(([kind]) => noun.includes(kind))
    .sort(([a], [b]) => b.length - a.length)
    .flatMap(([, kind]) => templateOfKind(kind, templates) ?? [])
  return named[0] ?? required[0]
}

function templateOfKind({ arns }: ActionResource, templates: readonly string[]): string | undefined {
  const starts = arns.map((arn) => kindOf(arn))
  const found = templates.find((template) => starts.includes(kindOf(template)))
  return found?.replace(/^\?/, '')
}

/** The part of an ARN that says what kind of thing it is. */
function kindOf(arn: string): string {
  const resource = arn.split(':').slice(5).join(':')
  return resource.split(/\$\{|\*/, 1)[0]!
}

/** A pattern with nothing known of it but where it is. */
function opened({ arns }: ActionResource): string | undefined {
  return arns[0]
    ?.replaceAll('${AccountId}', '${Account}')
    .replace(/\$\{(?!(?:Partition|Region|Account)\})\w+\}/g, '*')
}
