import type { JsonMember, JsonNode } from '@omen-iam/policy'
import { at, member, membersOf, oneOrMany, textOf } from '../nodes.ts'

/** A part of a template that gives access which is not read, with `NAME: reason` as its message. */
export interface UnreadPart {
  readonly node: JsonNode
  /** The type of the resource, or `Transform`. */
  readonly kind: string
  readonly message: string
}

/** Transforms that are carried out here, and one that makes nothing of IAM. */
const known: ReadonlySet<string> = new Set([
  'AWS::Serverless-2016-10-31',
  'AWS::LanguageExtensions',
  'AWS::CodeDeployBlueGreen',
])

const call = 'Fn::Transform'

/** Macros of the whole template, and files and macros in the place of resources: what they make is not known (behaviour GRD-620). */
export function macrosIn(root: JsonNode): readonly UnreadPart[] {
  const whole = oneOrMany(member(root, 'Transform')).filter((each) => !known.has(textOf(each) ?? ''))
  return [...whole, ...callsIn(root).map(({ value }) => value)].map((node) => {
    const name = textOf(node) ?? textOf(member(node, 'Name')) ?? 'a macro'
    const file = textOf(at(node, 'Parameters', 'Location'))
    const reason =
      name === 'AWS::Include'
        ? `what ${file ?? 'the file'} contains is not known`
        : 'what the macro makes is not known'
    return { node, kind: 'Transform', message: `${name}: ${reason}` }
  })
}

/** The template without such calls. */
export function withoutMacros(root: JsonNode): JsonNode {
  if (root.type !== 'object' || callsIn(root).length === 0) return root
  return {
    ...root,
    members: root.members.flatMap((section) => (isCall(section) ? [] : [withoutCalls(section)])),
  }
}

function withoutCalls(section: JsonMember): JsonMember {
  const { value } = section
  if (value.type !== 'object') return section
  const members = value.members.filter((each) => !isCall(each) && !isMadeByCall(section, each))
  return { ...section, value: { ...value, members } }
}

function callsIn(root: JsonNode): readonly JsonMember[] {
  return membersOf(root).flatMap((section) =>
    isCall(section)
      ? [section]
      : membersOf(section.value).flatMap((each) => {
          if (isCall(each)) return [each]
          return isMadeByCall(section, each) ? membersOf(each.value).filter(isCall) : []
        }),
  )
}

function isCall({ key }: JsonMember): boolean {
  return key.value === call
}

/** Returns whether a macro makes the resource, its type included. */
function isMadeByCall({ key }: JsonMember, { value }: JsonMember): boolean {
  return key.value === 'Resources' && member(value, 'Type') === undefined && member(value, call) !== undefined
}

/** Resources of SAM of which something is made that gives access and that is not read (behaviour GRD-621). */
export function unreadOfSam(root: JsonNode): readonly UnreadPart[] {
  return membersOf(member(root, 'Resources')).flatMap(({ key, value }) => {
    const type = textOf(member(value, 'Type')) ?? ''
    const note = (kind: string, reason: string) => ({
      node: value,
      kind,
      message: `${key.value}: ${reason}`,
    })
    if (type === 'AWS::Serverless::Connector' || member(value, 'Connectors') !== undefined)
      return [note('AWS::Serverless::Connector', 'the permissions of a connector are not known')]
    if (!type.startsWith('AWS::Serverless::') || expanded.has(type)) return []
    if (type === graphQl && !makesRoles(member(value, 'Properties'))) return []
    return [note(type, `the roles that SAM makes of ${type} are not known`)]
  })
}

const graphQl = 'AWS::Serverless::GraphQLApi'

const expanded: ReadonlySet<string> = new Set(
  ['Function', 'StateMachine', 'SimpleTable', 'Api', 'HttpApi', 'LayerVersion', 'Application'].map(
    (name) => `AWS::Serverless::${name}`,
  ),
)

/** SAM makes a role for the log unless there is one or the log is off, and one for each data source without one. */
function makesRoles(properties: JsonNode | undefined): boolean {
  const logging = member(properties, 'Logging')
  const isOff = logging?.type === 'scalar' && logging.value === false
  if (!isOff && member(logging, 'CloudWatchLogsRoleArn') === undefined) return true
  return membersOf(member(properties, 'DataSources')).some(({ value }) =>
    membersOf(value).some((source) => member(source.value, 'ServiceRoleArn') === undefined),
  )
}
