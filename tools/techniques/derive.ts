import {
  type ActionInfo,
  actionInfo,
  type FactBlock,
  type ResourceBlock,
  type Technique,
  type TechniqueAction,
  type TechniqueNeed,
  type TechniqueResource,
  type TechniqueTaggers,
  type TechniqueTagging,
} from '../../packages/server/src/authorization/catalogue/index.ts'
import { listCallOf, notInLists } from '../../packages/server/src/intake/index.ts'
import type { TechniqueSource } from './parse.ts'

const about =
  'Derived from tools/techniques/techniques.txt by tools/techniques.ts. Resource types and condition keys are those of AWS’s service authorization reference.'

/**
 * The text of the data file: a line a row, and what the actions of the rows are authorised on.
 * @throws Error for an action or a resource type that the catalogue does not know
 */
export function deriveTechniques({ rows, facts, words, following, blocks, asks }: TechniqueSource): string {
  const actions: Record<string, TechniqueAction> = {}
  for (const row of rows)
    for (const { action } of needsOf(row)) actions[action] ??= actionOf(action, asks.get(action), row.id)
  for (const [fact, block] of Object.entries(facts))
    for (const { action } of callsOf(block)) actions[action] ??= actionOf(action, undefined, fact)
  const further = Object.values(facts).flatMap((block) => [
    ...callsOf(block).map(({ action }) => action),
    ...(block.cases ?? []).flatMap(({ ways }) => ways.flatMap(({ may = [] }) => may)),
  ])
  for (const [type, { by, writes, reads }] of Object.entries(blocks.source)) {
    for (const action of [by, ...writes]) actions[action] ??= actionOf(action, undefined, type)
    further.push(by, ...writes, ...reads)
  }
  for (const [call, { network, tags, isForwarding }] of Object.entries(blocks.call)) {
    if (tags !== undefined) actions[tags] ??= actionOf(tags, asks.get(tags), call)
    further.push(...(network?.caller ?? []), ...(network?.role ?? []), ...(tags === undefined ? [] : [tags]))
    if (isForwarding === true) further.push(call)
  }
  for (const action of [...further, ...Object.keys(blocks.call)])
    if (actionInfo(action) === undefined) throw new Error(`the catalogue has no action ${action}`)
  for (const action of ['sts:TagSession', 'sts:SetSourceIdentity'])
    actions[action] ??= actionOf(action, asks.get(action) ?? [['role']], action)
  for (const action of asks.keys())
    if (actions[action] === undefined) throw new Error(`no row needs ${action}`)
  checkAsked(rows, facts)
  const known = typesOf(rows)
  for (const [type, { policy }] of Object.entries(blocks.resource))
    if (!known.has(type) && policy === undefined) throw new Error(`no row is about ${type}`)
  const takes = JSON.stringify(actions)
  for (const key of Object.keys(blocks.key))
    if (!takes.includes(`"${key}"`)) throw new Error(`no call of a row has the key ${key}`)
  for (const name of Object.keys(blocks.variable))
    if (!takes.includes(`\${${name}}`)) throw new Error(`no ARN of a row has the variable ${name}`)
  return `{"about": ${JSON.stringify(about)},
"actions": {
${membersOf(actions)}
},
"taggers": {
${membersOf(taggersOf(Object.values(actions)))}
},
"facts": {
${membersOf(facts)}
},
"further": ${JSON.stringify([...new Set(further)].sort())},
"following": ${JSON.stringify(following)},
"resources": {
${membersOf(withLists(blocks.resource, [...known, ...Object.keys(blocks.source)]))}
},
"services": {
${membersOf(blocks.service)}
},
"sources": {
${membersOf(blocks.source)}
},
"calls": {
${membersOf(blocks.call)}
},
"variables": {
${membersOf(blocks.variable)}
},
"keys": {
${membersOf(blocks.key)}
},
"words": {
${membersOf(words)}
},
"techniques": [
${rows.map((row) => JSON.stringify(row)).join(',\n')}
]}
`
}

/** Refuses a fact that no world asks: worlds are made of the rows that have an effect by themselves. */
function checkAsked(rows: readonly Technique[], facts: TechniqueSource['facts']): void {
  const namesIn = (some: readonly Technique[]): ReadonlySet<string> =>
    new Set(
      some.flatMap(({ facts: own, ways }) =>
        [...own, ...ways.flatMap((way) => way.facts)].map((fact) =>
          / starts /.test(fact) ? 'starts' : fact,
        ),
      ),
    )
  const named = namesIn(rows)
  const asked = namesIn(
    rows.filter(({ effect, composedOf }) => effect !== 'none' && composedOf === undefined),
  )
  for (const [fact, { isOfSearch, isShown }] of Object.entries(facts)) {
    if (isOfSearch === true) continue
    if (!named.has(fact)) throw new Error(`no row names the fact ${fact}`)
    if (asked.has(fact) === (isShown === true))
      throw new Error(`the fact ${fact} is ${isShown === true ? 'asked in a world' : 'asked in no world'}`)
  }
}

/** The blocks of resources, with the commands that list these. */
function withLists(
  resources: TechniqueSource['blocks']['resource'],
  types: readonly string[],
): Readonly<Record<string, ResourceBlock>> {
  const found: Record<string, ResourceBlock> = { ...resources }
  for (const type of types) {
    const [list, unlisted] = [listCallOf(type), notInLists[type]]
    found[type] = {
      ...found[type],
      ...(list === undefined ? {} : { list: `aws ${list}` }),
      ...(unlisted === undefined ? {} : { unlisted }),
    }
  }
  return found
}

/** The types of resources that rows name. */
function typesOf(rows: readonly Technique[]): ReadonlySet<string> {
  const ofRows = rows.flatMap(({ workloads = [], needs, ways, facts: own }) => [
    ...workloads,
    ...[...needs, ...ways.flatMap((way) => way.needs)].flatMap(({ on }) =>
      on.is === 'resource' ? on.type : [],
    ),
    ...[...own, ...ways.flatMap((way) => way.facts)].flatMap((fact) => /^exists (.*)$/.exec(fact)?.[1] ?? []),
  ])
  return new Set(ofRows)
}

/** The calls that a fact may ask of the caller. */
function callsOf({ cases = [], asks }: FactBlock): readonly TechniqueNeed[] {
  return [...cases.flatMap(({ ways }) => ways.flatMap(({ needs = [] }) => needs)), ...asks]
}

function membersOf(record: Readonly<Record<string, unknown>>): string {
  const sorted = Object.entries(record).sort(([one], [other]) => (one < other ? -1 : 1))
  return sorted.map(([name, value]) => `${JSON.stringify(name)}: ${JSON.stringify(value)}`).join(',\n')
}

/** Names of the actions that tag existing resources, and that take tags away. [GRD-560] */
const taggerNames: TechniqueTaggers = {
  write: [
    'TagResource',
    'CreateTags',
    'AddTags',
    'AddTagsToResource',
    'AddTagsToStream',
    'CreateOrUpdateTags',
    'TagQueue',
  ],
  remove: [
    'UntagResource',
    'DeleteTags',
    'RemoveTags',
    'RemoveTagsFromResource',
    'RemoveTagsFromStream',
    'UntagQueue',
  ],
}

/** Services whose tagging action is no call: a stack is tagged by what makes or changes it. */
const untaggable: ReadonlySet<string> = new Set(['cloudformation', 'iam', 'sso', 'sts'])

/** What changes the tags of existing resources, by the service of their ARNs. */
function taggersOf(actions: readonly TechniqueAction[]): Record<string, TechniqueTaggers> {
  const arns = actions.flatMap(({ on }) => on.flat().flatMap((type) => type.arns))
  const found: Record<string, TechniqueTaggers> = {}
  for (const service of new Set(arns.map((arn) => arn.split(':')[2] ?? ''))) {
    if (untaggable.has(service)) continue
    const among = (names: readonly string[]): readonly string[] =>
      names.map((name) => `${service}:${name}`).filter((name) => actionInfo(name)?.accessLevel === 'Tagging')
    const [write, remove] = [among(taggerNames.write), among(taggerNames.remove)]
    if (write.length + remove.length > 0) found[service] = { write, remove }
  }
  return found
}

/**
 * Forms of ARNs that the reference leaves open: a target of a stack set, which is an account or an organizational unit, and
 * a type of resources, which policies name with and without an account. [PSR-10]
 */
const spelled: Readonly<Record<string, readonly string[] | undefined>> = {
  'cloudformation:stackset-target': [
    'arn:${Partition}:cloudformation:${Region}:${Account}:stackset-target/${StackSetName}:${Id}/${StackSetTarget}',
  ],
  'cloudformation:type': [
    'arn:${Partition}:cloudformation:${Region}:${Account}:type/resource/${Type}',
    'arn:${Partition}:cloudformation:${Region}::type/resource/${Type}',
  ],
}

function needsOf({ needs, ways }: Technique): readonly TechniqueNeed[] {
  return [...needs, ...ways.flatMap((way) => way.needs)]
}

function actionOf(
  action: string,
  asked: readonly (readonly string[])[] | undefined,
  row: string,
): TechniqueAction {
  const info = actionInfo(action)
  if (info === undefined || `${info.service}:${info.name}` !== action)
    throw new Error(`${row}: the catalogue has no action ${action}`)
  const typeOf = (type: string): TechniqueResource => {
    const resource = info.resources.find((each) => each.type === type)
    if (resource === undefined) throw new Error(`${row}: ${action} is not authorised on ${type}`)
    const arns = spelled[`${info.service}:${type}`] ?? resource.arns.flatMap((arn) => arn.split(', '))
    return { type, arns, keys: resource.conditionKeys }
  }
  const required = info.resources.filter((resource) => resource.required).map(({ type }) => [type])
  const optional = info.resources.map(({ type }) => type)
  const groups = asked ?? (required.length > 0 || optional.length === 0 ? required : [optional])
  const tagging = taggingOf(info)
  return {
    on: groups.map((group) => group.map(typeOf)),
    keys: info.conditionKeys,
    ...(tagging === undefined ? {} : { tagging }),
  }
}

/** What a call asks besides if it brings tags; undefined if it cannot, or if to tag is all that it does. */
function taggingOf(info: ActionInfo): TechniqueTagging | undefined {
  const { service, name, accessLevel, dependentActions } = info
  const brings = keysOf(info).some((key) => key.startsWith('aws:RequestTag/'))
  if (!brings || accessLevel === 'Tagging' || service === 'sts') return undefined
  const names = service === 'iam' ? [tagsOfIam[name] ?? ''] : tagNames
  const found = names.flatMap((each) => actionInfo(`${service}:${each}`) ?? [])[0]
  if (found === undefined) return {}
  const action = `${service}:${found.name}`
  const created = `${service}:CreateAction`
  const isTold = dependentActions.includes(action) || documented.test(`${service}:${name}`)
  return {
    action,
    ...(keysOf(found).includes(created) ? { created } : {}),
    ...(isTold ? {} : { isAssumed: true as const }),
  }
}

function keysOf({ conditionKeys, resources }: ActionInfo): readonly string[] {
  return [...conditionKeys, ...resources.flatMap((resource) => resource.conditionKeys)]
}

/** Names of the actions that tag, of services other than IAM. */
const tagNames = [
  'TagResource',
  'CreateTags',
  'AddTags',
  'AddTagsToResource',
  'CreateOrUpdateTags',
  'TagQueue',
]

const tagsOfIam: Readonly<Record<string, string | undefined>> = {
  CreateUser: 'TagUser',
  CreateRole: 'TagRole',
  CreatePolicy: 'TagPolicy',
  CreateInstanceProfile: 'TagInstanceProfile',
  CreateVirtualMFADevice: 'TagMFADevice',
  CreateSAMLProvider: 'TagSAMLProvider',
  CreateOpenIDConnectProvider: 'TagOpenIDConnectProvider',
}

/** Calls of which documentation or a denial says that they ask for the tagging action, besides those of the reference. [GRD-36, IAM-52, LAM-15] */
const documented =
  /^(?:ec2:\w+|ecs:\w+|iam:\w+|lambda:CreateFunction|elasticmapreduce:RunJobFlow|events:PutRule|dynamodb:CreateTable|sqs:CreateQueue)$/
