import { form, json, type Sent } from './asked.ts'

export const ddb = (name: string, input: object) => json('dynamodb', `DynamoDB_20120810.${name}`, input)
export const kms = (name: string, input: object) => json('kms', `TrentService.${name}`, input)
export const secrets = (name: string, input: object) =>
  json('secretsmanager', `secretsmanager.${name}`, input)
export const ssm = (name: string, input: object) => json('ssm', `AmazonSSM.${name}`, input)
export const sqs = (name: string, input: object) => json('sqs', `AmazonSQS.${name}`, input)
export const ecs = (name: string, input: object) =>
  json('ecs', `AmazonEC2ContainerServiceV20141113.${name}`, input)
export const events = (name: string, input: object) => json('events', `AWSEvents.${name}`, input)
export const logs = (name: string, input: object) => json('logs', `Logs_20140328.${name}`, input)
export const states = (name: string, input: object) => json('states', `AWSStepFunctions.${name}`, input)
export const glue = (name: string, input: object) => json('glue', `AWSGlue.${name}`, input)
export const build = (name: string, input: object) => json('codebuild', `CodeBuild_20161006.${name}`, input)
export const ecr = (name: string, input: object) =>
  json('ecr', `AmazonEC2ContainerRegistry_V20150921.${name}`, input)
export const sns = (fields: Readonly<Record<string, string>>) =>
  form('sns', { Version: '2010-03-31', ...fields })
export const stacks = (fields: Readonly<Record<string, string>>) =>
  form('cloudformation', { Version: '2010-05-15', ...fields })
export const rest = (scope: string, line: string, body: object = {}): Sent => ({
  scope,
  line,
  body: JSON.stringify(body),
})

export const queue = 'http://localhost:4566/444455556666/q'
export const key = '1234abcd-12ab-34cd-56ef-1234567890ab'
export const topic = 'arn:aws:sns:eu-west-1:111122223333:t'
export const machine = 'arn:aws:states:eu-west-1:111122223333:stateMachine:m'
export const execution = 'arn:aws:states:eu-west-1:111122223333:execution:m:e'
