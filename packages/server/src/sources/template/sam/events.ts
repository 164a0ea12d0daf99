import type { JsonNode } from '@omen-iam/policy'
import { member, membersOf, rowOf, textOf } from '../../nodes.ts'
import type { Plain } from './build.ts'

/** A resource that SAM makes. An empty type is the resource as it is written. */
export interface Made {
  readonly id: string
  readonly type: string
  readonly properties: { readonly [name: string]: Plain }
  readonly condition?: JsonNode | undefined
  readonly attributes?: { readonly [name: string]: Plain }
}

/** The resources that the events of a function or state machine create. */
export interface MadeByEvents {
  readonly resources: readonly Made[]
  /** Names of managed policies with which the function polls its sources. */
  readonly policies: readonly string[]
}

/** Services that call a function, by the type of the event; they need a permission of the function. */
const callers: Readonly<Record<string, string | undefined>> = {
  AlexaSkill: 'alexa-appkit.amazon.com',
  Api: 'apigateway.amazonaws.com',
  CloudWatchEvent: 'events.amazonaws.com',
  CloudWatchLogs: 'logs.amazonaws.com',
  Cognito: 'cognito-idp.amazonaws.com',
  EventBridgeRule: 'events.amazonaws.com',
  HttpApi: 'apigateway.amazonaws.com',
  IoTRule: 'iot.amazonaws.com',
  S3: 's3.amazonaws.com',
  SNS: 'sns.amazonaws.com',
  Schedule: 'events.amazonaws.com',
}

/** Managed policies for sources that Lambda polls with the function's role. */
const pollers: Readonly<Record<string, string | undefined>> = {
  DynamoDB: 'service-role/AWSLambdaDynamoDBExecutionRole',
  Kinesis: 'service-role/AWSLambdaKinesisExecutionRole',
  MSK: 'service-role/AWSLambdaMSKExecutionRole',
  SQS: 'service-role/AWSLambdaSQSQueueExecutionRole',
}

/** Services that start a state machine with a role that SAM makes. */
const starters: Readonly<Record<string, string | undefined>> = {
  Api: 'apigateway.amazonaws.com',
  CloudWatchEvent: 'events.amazonaws.com',
  EventBridgeRule: 'events.amazonaws.com',
  Schedule: 'events.amazonaws.com',
}

/**
 * The permissions and roles that events make. @param boundary of the roles whose event has none. Source: AWS SAM Developer Guide, "Generated CloudFormation resources".
 */
export function madeByEvents(
  id: string,
  kind: 'function' | 'stateMachine',
  events: JsonNode | undefined,
  condition: JsonNode | undefined,
  boundary?: JsonNode,
): MadeByEvents {
  const resources: Made[] = []
  const policies = new Set<string>()
  for (const { key, value } of membersOf(events)) {
    const type = textOf(member(value, 'Type')) ?? ''
    const properties = member(value, 'Properties')
    const poller = rowOf(pollers, type)
    if (kind === 'function' && poller !== undefined) policies.add(poller)
    const service =
      type === 'ScheduleV2'
        ? 'scheduler.amazonaws.com'
        : kind === 'stateMachine'
          ? rowOf(starters, type)
          : undefined
    if (
      service !== undefined &&
      member(properties, 'RoleArn') === undefined &&
      member(properties, 'Role') === undefined
    ) {
      const action = kind === 'function' ? 'lambda:InvokeFunction' : 'states:StartExecution'
      const target = kind === 'function' ? { 'Fn::GetAtt': [id, 'Arn'] } : { Ref: id }
      const own = member(properties, 'PermissionsBoundary') ?? boundary
      const role = starterRole(`${id}${key.value}Role`, service, action, target, condition)
      resources.push({ ...role, properties: { ...role.properties, PermissionsBoundary: own } })
    }
    const caller = rowOf(callers, type)
    if (kind === 'function' && caller !== undefined)
      resources.push({
        id: `${id}${key.value}Permission`,
        type: 'AWS::Lambda::Permission',
        condition,
        properties: {
          Action: 'lambda:InvokeFunction',
          FunctionName: { Ref: id },
          Principal: caller,
          SourceAccount: type === 'S3' ? { Ref: 'AWS::AccountId' } : undefined,
          SourceArn: type === 'SNS' ? member(properties, 'Topic') : undefined,
        },
      })
  }
  return { resources, policies: [...policies] }
}

function starterRole(
  id: string,
  service: string,
  action: string,
  target: Plain,
  condition: JsonNode | undefined,
): Made {
  return {
    id,
    type: 'AWS::IAM::Role',
    condition,
    properties: {
      AssumeRolePolicyDocument: {
        Version: '2012-10-17',
        Statement: [{ Effect: 'Allow', Principal: { Service: [service] }, Action: ['sts:AssumeRole'] }],
      },
      Policies: [
        {
          PolicyName: `${id}StartExecutionPolicy`,
          PolicyDocument: {
            Version: '2012-10-17',
            Statement: [{ Effect: 'Allow', Action: action, Resource: target }],
          },
        },
      ],
    },
  }
}
