import {
  actionInfo,
  type Technique,
  type TechniqueAction,
  type TechniqueNeed,
  type TechniqueResource,
} from '../../packages/server/src/authorization/catalogue/index.ts'
import type { TechniqueSource } from './parse.ts'

const about =
  'Derived from tools/techniques/techniques.txt by tools/techniques.ts. Resource types and condition keys are those of AWS’s service authorization reference.'

/**
 * The text of the data file: a line a row, and what the actions of the rows are authorised on.
 * @throws Error for an action or a resource type that the catalogue does not know
 */
export function deriveTechniques({ rows, asks }: TechniqueSource): string {
  const actions: Record<string, TechniqueAction> = {}
  for (const row of rows)
    for (const { action } of needsOf(row)) actions[action] ??= actionOf(action, asks.get(action), row.id)
  for (const action of asks.keys())
    if (actions[action] === undefined) throw new Error(`no row needs ${action}`)
  for (const action of ofFacts) actions[action] ??= actionOf(action, undefined, action)
  actions['lambda:TagResource'] ??= actionOf('lambda:TagResource', [['function']], 'lambda:TagResource')
  for (const action of ['sts:TagSession', 'sts:SetSourceIdentity'])
    actions[action] ??= actionOf(action, asks.get(action) ?? [['role']], action)
  const sorted = Object.entries(actions).sort(([one], [other]) => (one < other ? -1 : 1))
  return `{"about": ${JSON.stringify(about)},
"actions": {
${sorted.map(([name, action]) => `${JSON.stringify(name)}: ${JSON.stringify(action)}`).join(',\n')}
},
"techniques": [
${rows.map((row) => JSON.stringify(row)).join(',\n')}
]}
`
}

/** Actions that facts ask for: room for a version, a key, an instance profile, an event source. */
const ofFacts = [
  'iam:PassRole',
  'iam:CreateInstanceProfile',
  'iam:AddRoleToInstanceProfile',
  'iam:DeletePolicyVersion',
  'iam:RemoveUserFromGroup',
  'iam:DetachUserPolicy',
  'iam:DetachRolePolicy',
  'iam:DetachGroupPolicy',
  'dynamodb:CreateTable',
  'dynamodb:PutItem',
  'dynamodb:UpdateItem',
  'dynamodb:BatchWriteItem',
  'kinesis:CreateStream',
  'kinesis:PutRecord',
  'kinesis:PutRecords',
  'sqs:CreateQueue',
  'sqs:SendMessage',
]

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
    const arns = resource.arns.flatMap((arn) => arn.split(', '))
    return { type, arns, keys: resource.conditionKeys }
  }
  const required = info.resources.filter((resource) => resource.required).map(({ type }) => [type])
  const optional = info.resources.map(({ type }) => type)
  const groups = asked ?? (required.length > 0 || optional.length === 0 ? required : [optional])
  return { on: groups.map((group) => group.map(typeOf)), keys: info.conditionKeys }
}
