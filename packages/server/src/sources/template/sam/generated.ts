import type { JsonNode } from '@omen-iam/policy'
import { at, member, membersOf, rowOf, textOf } from '../../nodes.ts'
import type { Plain } from './build.ts'
import type { Made } from './events.ts'

/**
 * The resources that an event of a function makes under the ids of both. Source: AWS SAM Developer Guide, "Generated
 * CloudFormation resources".
 */
const ofEvents: Readonly<Record<string, string | undefined>> = {
  CloudWatchEvent: 'AWS::Events::Rule',
  CloudWatchLogs: 'AWS::Logs::SubscriptionFilter',
  DocumentDB: 'AWS::Lambda::EventSourceMapping',
  DynamoDB: 'AWS::Lambda::EventSourceMapping',
  EventBridgeRule: 'AWS::Events::Rule',
  IoTRule: 'AWS::IoT::TopicRule',
  Kinesis: 'AWS::Lambda::EventSourceMapping',
  MQ: 'AWS::Lambda::EventSourceMapping',
  MSK: 'AWS::Lambda::EventSourceMapping',
  SNS: 'AWS::SNS::Subscription',
  SQS: 'AWS::Lambda::EventSourceMapping',
  SelfManagedKafka: 'AWS::Lambda::EventSourceMapping',
  Schedule: 'AWS::Events::Rule',
  ScheduleV2: 'AWS::Scheduler::Schedule',
}

/**
 * The ids of further resources that SAM makes of one resource, with their types (behaviour TPL-42). Their
 * properties are not made: a reference to them is no mistake.
 */
export function generatedIds(id: string, type: string, properties: (name: string) => JsonNode | undefined) {
  const found = new Map<string, string>()
  const stage = textOf(properties('StageName'))
  switch (type) {
    case 'AWS::Serverless::Function': {
      const alias = textOf(properties('AutoPublishAlias'))
      if (alias !== undefined)
        found.set(`${id}Alias${alias.replaceAll(/[^A-Za-z0-9]/g, '')}`, 'AWS::Lambda::Alias')
      if (properties('FunctionUrlConfig') !== undefined) found.set(`${id}Url`, 'AWS::Lambda::Url')
      const config = properties('EventInvokeConfig')
      if (config !== undefined) found.set(`${id}EventInvokeConfig`, 'AWS::Lambda::EventInvokeConfig')
      break
    }
    case 'AWS::Serverless::Api':
      found.set(
        `${id}${stage === undefined ? '' : stage.replaceAll(/[^A-Za-z0-9]/g, '')}Stage`,
        'AWS::ApiGateway::Stage',
      )
      for (const made of usagePlans(id, member(member(properties('Auth'), 'UsagePlan'), 'CreateUsagePlan')))
        found.set(made[0], made[1])
      break
    case 'AWS::Serverless::HttpApi':
      found.set(httpStage(id, stage), 'AWS::ApiGatewayV2::Stage')
      break
  }
  for (const { key, value } of membersOf(properties('Events'))) {
    const made = rowOf(ofEvents, textOf(member(value, 'Type')) ?? '')
    if (made !== undefined) found.set(`${id}${key.value}`, made)
  }
  return found
}

/** A usage plan with its key: of one API, or one that all APIs share. */
function usagePlans(id: string, create: JsonNode | undefined): readonly (readonly [string, string])[] {
  const kind = textOf(create)
  if (kind !== 'PER_API' && kind !== 'SHARED') return []
  const prefix = kind === 'SHARED' ? 'Serverless' : id
  return ['UsagePlan', 'ApiKey', 'UsagePlanKey'].map((name) => [
    `${prefix}${name}`,
    `AWS::ApiGateway::${name}`,
  ])
}

/** The ids of the stages of APIs that events make. */
export const implicitStages: Readonly<Record<'Rest' | 'Http', readonly [id: string, type: string]>> = {
  Rest: ['ServerlessRestApiProdStage', 'AWS::ApiGateway::Stage'],
  Http: ['ServerlessHttpApiApiGatewayDefaultStage', 'AWS::ApiGatewayV2::Stage'],
}

function httpStage(id: string, stage: string | undefined): string {
  return stage === undefined || stage === '$default' ? `${id}ApiGatewayDefaultStage` : `${id}${stage}Stage`
}

/** Names that a value refers to, by Ref, Fn::GetAtt or Fn::Sub. */
export function namesIn(node: JsonNode, found: Set<string> = new Set()): Set<string> {
  if (node.type === 'string')
    for (const [, name = ''] of node.value.matchAll(/\$\{\s*([A-Za-z0-9]+)/g)) found.add(name)
  if (node.type === 'list') for (const item of node.items) namesIn(item, found)
  for (const { key, value } of membersOf(node)) {
    if (key.value === 'Ref' && value.type === 'string') found.add(value.value)
    if (key.value === 'DependsOn' || key.value === 'Fn::GetAtt') {
      const [first] = value.type === 'list' ? value.items : [value]
      found.add((textOf(first) ?? '').split('.')[0] ?? '')
      if (key.value === 'DependsOn' && value.type === 'list')
        for (const item of value.items) found.add(textOf(item) ?? '')
    }
    namesIn(value, found)
  }
  return found
}

/** A resource of which no more than its type is known. */
export function bare(id: string, type: string, condition: JsonNode | undefined): Made {
  const properties: { readonly [name: string]: Plain } = {}
  return { id, type, properties, condition }
}

/** A value of Globals with that of a resource over it: objects are joined. Source: AWS SAM Developer Guide, Globals. */
export function joined(globals: JsonNode | undefined, own: JsonNode | undefined): JsonNode | undefined {
  if (globals?.type !== 'object' || own?.type !== 'object') return own ?? globals
  const names = new Set(own.members.map(({ key }) => key.value))
  if ([...globals.members, ...own.members].some(({ key }) => /^(?:Ref|Fn::.*)$/.test(key.value))) return own
  return { ...own, members: [...globals.members.filter(({ key }) => !names.has(key.value)), ...own.members] }
}

/** A property of a resource, or of the template's Globals for its kind. */
export function propertyOf(root: JsonNode, resource: JsonNode): (name: string) => JsonNode | undefined {
  const kind = /^AWS::Serverless::(\w+)$/.exec(textOf(member(resource, 'Type')) ?? '')?.[1] ?? ''
  return (name) => joined(at(root, 'Globals', kind, name), at(resource, 'Properties', name))
}
