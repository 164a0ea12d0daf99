import type { Account } from '../../directory/index.ts'

/** The most that guests may use, as AWS publishes it; the managed policy is beside it (behaviour COG-24). */
const services = [
  'cloudwatch:*',
  'logs:*',
  'dynamodb:*',
  'kinesis:*',
  'mobileanalytics:*',
  's3:*',
  'ses:*',
  'sns:*',
  'sqs:*',
  'lambda:*',
  'machinelearning:*',
  'execute-api:*',
  'iot:*',
  'gamelift:*',
  'cognito-identity:*',
  'cognito-idp:*',
  'lex:*',
  'polly:*',
  'comprehend:*',
  'translate:*',
  'transcribe:*',
  'rekognition:*',
  'mobiletargeting:*',
  'firehose:*',
  'appsync:*',
  'personalize:*',
  'sagemaker:InvokeEndpoint',
  'cognito-sync:*',
  'codewhisperer:*',
  'textract:DetectDocumentText',
  'textract:AnalyzeDocument',
  'sdb:*',
] as const

/** The inline session policy of guests. */
export const scopeDown: string = JSON.stringify({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Action: services, Resource: ['*'] }],
})

/** The managed session policy of guests. */
export function scopeDownArn({ partition }: Account): string {
  return `arn:${partition}:iam::aws:policy/AmazonCognitoUnAuthedIdentitiesSessionPolicy`
}
