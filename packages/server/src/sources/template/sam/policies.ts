import type { JsonNode } from '@omen-iam/policy'
import { itemsOf, member, membersOf, oneOrMany, textOf } from '../../nodes.ts'
import { objectAt, type Plain } from './build.ts'
import { policyTemplates, type TemplateStatement } from './policy-templates.ts'

/** The policies of a role that SAM makes: inline ones, and the ARNs of managed ones. */
export interface RolePolicies {
  readonly inline: readonly Plain[]
  readonly managed: readonly Plain[]
}

/** Reads the property Policies of a function or state machine. Source: SAM specification, Policies. */
export function rolePolicies(id: string, policies: JsonNode | undefined): RolePolicies {
  const inline: Plain[] = []
  const managed: Plain[] = []
  for (const [index, entry] of oneOrMany(policies).entries()) {
    const name = `${id}RolePolicy${index}`
    const chosen = branchesOf(entry)
    if (chosen.every(isInline)) inline.push(withBranches(entry, (branch) => inlineOf(name, branch)))
    else managed.push(withBranches(entry, managedOf))
  }
  return { inline, managed }
}

/** The branches of an Fn::If that are not AWS::NoValue. */
function branchesOf(entry: JsonNode): readonly JsonNode[] {
  const condition = member(entry, 'Fn::If')
  if (condition === undefined) return [entry]
  return itemsOf(condition)
    .slice(1)
    .filter((each) => textOf(member(each, 'Ref')) !== 'AWS::NoValue')
}

function withBranches(entry: JsonNode, make: (branch: JsonNode) => Plain): Plain {
  const condition = member(entry, 'Fn::If')
  if (condition === undefined) return make(entry)
  const [name, ...branches] = itemsOf(condition)
  const made = branches.map((each) => (textOf(member(each, 'Ref')) === 'AWS::NoValue' ? each : make(each)))
  return { 'Fn::If': [name, ...made] }
}

function isInline(entry: JsonNode): boolean {
  return member(entry, 'Statement') !== undefined || templateIn(entry) !== undefined
}

function inlineOf(name: string, entry: JsonNode): Plain {
  const template = templateIn(entry)
  const document =
    template === undefined ? entry : documentOf(template.statements, template.parameters, entry)
  return { PolicyName: name, PolicyDocument: document }
}

/** Names of AWS's managed policies become their ARNs; everything else is one already. */
function managedOf(entry: JsonNode): Plain {
  const name = textOf(entry)
  if (name === undefined || name.startsWith('arn:')) return entry
  return { 'Fn::Sub': `arn:\${AWS::Partition}:iam::aws:policy/${pathOf(name)}${name}` }
}

/** Managed policies under /service-role/ that functions name without the path. */
function pathOf(name: string): string {
  if (name.startsWith('service-role/')) return ''
  return /^AWSLambda.*ExecutionRole$|^AWSLambdaRole$|^AmazonAPIGatewayPushToCloudWatchLogs$/.test(name)
    ? 'service-role/'
    : ''
}

function templateIn(entry: JsonNode) {
  const [only, ...more] = membersOf(entry)
  if (only === undefined || more.length > 0) return undefined
  const { key, value } = only
  const statements = Object.hasOwn(policyTemplates, key.value) ? policyTemplates[key.value] : undefined
  return statements === undefined ? undefined : { statements, parameters: value }
}

function documentOf(
  statements: readonly TemplateStatement[],
  parameters: JsonNode,
  place: JsonNode,
): JsonNode {
  const values = Object.fromEntries(membersOf(parameters).map(({ key, value }) => [key.value, value]))
  const filled = (pattern: string): Plain => {
    if (pattern === '*') return pattern
    const text = pattern.replace(/^@([^:]+):/, 'arn:${AWS::Partition}:$1:${AWS::Region}:${AWS::AccountId}:')
    const used = [...text.matchAll(/\$\{(\w+)\}/g)].map(([, name = '']) => name)
    const given = Object.fromEntries(used.flatMap((name) => (name in values ? [[name, values[name]]] : [])))
    return { 'Fn::Sub': Object.keys(given).length === 0 ? text : [text, given] }
  }
  return objectAt(
    {
      Version: '2012-10-17',
      Statement: statements.map(({ actions, resources, condition }) => {
        const [service = '', ...names] = actions.split(' ')
        return {
          Effect: 'Allow',
          Action: [...new Set(names)].map((name) => `${service}${name}`),
          Resource: resources.map(filled),
          Condition:
            condition === undefined ? undefined : { StringEquals: { [condition[0]]: filled(condition[1]) } },
        }
      }),
    },
    place,
  )
}
