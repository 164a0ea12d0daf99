import { form } from './asked.ts'
import { askedTests, type Calls } from './asked-tests.ts'
import { ddb, key, kms, queue, secrets, sns, sqs, ssm, topic } from './calls.ts'

const rows: Calls = {
  SQS: [
    [
      'SendMessage',
      sqs('SendMessage', { QueueUrl: queue }),
      ['sqs:SendMessage arn:aws:sqs:eu-west-1:444455556666:q'],
    ],
    ['SendMessageBatch', sqs('SendMessageBatch', { QueueUrl: '/111122223333/q' }), ['sqs:SendMessage sqs:q']],
    ['ReceiveMessage', sqs('ReceiveMessage', { QueueUrl: '/111122223333/q/' }), ['sqs:ReceiveMessage sqs:q']],
    ['CreateQueue', sqs('CreateQueue', { QueueName: 'q' }), ['sqs:CreateQueue sqs:q']],
    [
      'CreateQueue with tags',
      sqs('CreateQueue', { QueueName: 'q', tags: { a: '1' } }),
      ['sqs:CreateQueue sqs:q', 'sqs:TagQueue sqs:q'],
    ],
    [
      'CreateQueue with tags in its old form',
      form('sqs', {
        Action: 'CreateQueue',
        Version: '2012-11-05',
        QueueName: 'q',
        'Tag.1.Key': 'a',
        'Tag.1.Value': '1',
      }),
      ['sqs:CreateQueue sqs:q', 'sqs:TagQueue sqs:q'],
    ],
    ['GetQueueUrl', sqs('GetQueueUrl', { QueueName: 'q' }), ['sqs:GetQueueUrl sqs:q']],
    ['ListQueues', sqs('ListQueues', {}), ['sqs:ListQueues *']],
    [
      'SendMessage in its old form',
      { ...form('sqs', { Action: 'SendMessage', Version: '2012-11-05' }), line: 'POST /111122223333/q' },
      ['sqs:SendMessage sqs:q'],
    ],
  ],
  SNS: [
    ['Publish', sns({ Action: 'Publish', TopicArn: topic }), ['sns:Publish sns:t']],
    ['Publish to a telephone', sns({ Action: 'Publish', PhoneNumber: '+1' }), ['sns:Publish *']],
    ['PublishBatch', sns({ Action: 'PublishBatch', TopicArn: topic }), ['sns:Publish sns:t']],
    ['CreateTopic', sns({ Action: 'CreateTopic', Name: 't' }), ['sns:CreateTopic sns:t']],
    ['Subscribe', sns({ Action: 'Subscribe', TopicArn: topic }), ['sns:Subscribe sns:t']],
    [
      'Unsubscribe',
      sns({ Action: 'Unsubscribe', SubscriptionArn: `${topic}:${key}` }),
      [`sns:Unsubscribe sns:t:${key}`],
    ],
  ],
  DynamoDB: [
    ['GetItem', ddb('GetItem', { TableName: 't' }), ['dynamodb:GetItem dynamodb:table/t']],
    [
      'GetItem by ARN',
      ddb('GetItem', { TableName: 'arn:aws:dynamodb:eu-west-1:444455556666:table/t' }),
      ['dynamodb:GetItem arn:aws:dynamodb:eu-west-1:444455556666:table/t'],
    ],
    ['Query', ddb('Query', { TableName: 't' }), ['dynamodb:Query dynamodb:table/t']],
    [
      'Query an index',
      ddb('Query', { TableName: 't', IndexName: 'i' }),
      ['dynamodb:Query dynamodb:table/t/index/i'],
    ],
    ['CreateTable', ddb('CreateTable', { TableName: 't' }), ['dynamodb:CreateTable dynamodb:table/t']],
    ['ListTables', ddb('ListTables', {}), ['dynamodb:ListTables *']],
    [
      'BatchGetItem',
      ddb('BatchGetItem', { RequestItems: { t: { Keys: [] }, u: { Keys: [] } } }),
      ['dynamodb:BatchGetItem dynamodb:table/t', 'dynamodb:BatchGetItem dynamodb:table/u'],
    ],
    [
      'BatchWriteItem',
      ddb('BatchWriteItem', { RequestItems: { t: [{ PutRequest: { Item: {} } }] } }),
      ['dynamodb:BatchWriteItem dynamodb:table/t'],
    ],
    [
      'TransactWriteItems',
      ddb('TransactWriteItems', {
        TransactItems: [
          { Put: { TableName: 't' } },
          { Put: { TableName: 't' } },
          { ConditionCheck: { TableName: 'u' } },
        ],
      }),
      ['dynamodb:PutItem dynamodb:table/t', 'dynamodb:ConditionCheckItem dynamodb:table/u'],
    ],
    [
      'TransactGetItems',
      ddb('TransactGetItems', { TransactItems: [{ Get: { TableName: 't' } }] }),
      ['dynamodb:GetItem dynamodb:table/t'],
    ],
    [
      'ExecuteStatement',
      ddb('ExecuteStatement', { Statement: `SELECT "a.b" FROM "t"."i" WHERE a = 'x FROM "b"'` }),
      ['dynamodb:PartiQLSelect dynamodb:table/t/index/i'],
    ],
    [
      'BatchExecuteStatement',
      ddb('BatchExecuteStatement', {
        Statements: [{ Statement: 'delete from t where a=1' }, { Statement: "INSERT INTO u VALUE {'a':1}" }],
      }),
      ['dynamodb:PartiQLInsert dynamodb:table/u', 'dynamodb:PartiQLDelete dynamodb:table/t'],
    ],
  ],
  KMS: [
    ['Encrypt', kms('Encrypt', { KeyId: key }), [`kms:Encrypt kms:key/${key}`]],
    ['Encrypt by alias', kms('Encrypt', { KeyId: 'alias/a' }), ['kms:Encrypt kms:alias/a']],
    [
      'Encrypt by ARN',
      kms('Encrypt', { KeyId: `arn:aws:kms:eu-west-1:444455556666:key/${key}` }),
      [`kms:Encrypt arn:aws:kms:eu-west-1:444455556666:key/${key}`],
    ],
    [
      'Decrypt',
      kms('Decrypt', { CiphertextBlob: Buffer.from(`${key}rest`).toString('base64') }),
      [`kms:Decrypt kms:key/${key}`],
    ],
    ['Decrypt anything', kms('Decrypt', { CiphertextBlob: 'AQIC' }), ['kms:Decrypt kms:key/*']],
    [
      'ReEncrypt',
      kms('ReEncrypt', { SourceKeyId: key, DestinationKeyId: 'alias/b' }),
      [`kms:ReEncryptFrom kms:key/${key}`, 'kms:ReEncryptTo kms:alias/b'],
    ],
    [
      'CreateAlias',
      kms('CreateAlias', { AliasName: 'alias/a', TargetKeyId: key }),
      ['kms:CreateAlias kms:alias/a', `kms:CreateAlias kms:key/${key}`],
    ],
    ['CreateKey', kms('CreateKey', {}), ['kms:CreateKey *']],
    [
      'ScheduleKeyDeletion',
      kms('ScheduleKeyDeletion', { KeyId: key }),
      [`kms:ScheduleKeyDeletion kms:key/${key}`],
    ],
  ],
  'Secrets Manager': [
    [
      'GetSecretValue',
      secrets('GetSecretValue', { SecretId: 'a/b' }),
      ['secretsmanager:GetSecretValue secretsmanager:secret:a/b-??????'],
    ],
    [
      'GetSecretValue by ARN',
      secrets('GetSecretValue', {
        SecretId: 'arn:aws:secretsmanager:eu-west-1:111122223333:secret:a-AbCdEf',
      }),
      ['secretsmanager:GetSecretValue secretsmanager:secret:a-AbCdEf'],
    ],
    [
      'CreateSecret',
      secrets('CreateSecret', { Name: 'a' }),
      ['secretsmanager:CreateSecret secretsmanager:secret:a-??????'],
    ],
    ['ListSecrets', secrets('ListSecrets', {}), ['secretsmanager:ListSecrets *']],
  ],
  SSM: [
    ['GetParameter', ssm('GetParameter', { Name: '/a/b:3' }), ['ssm:GetParameter ssm:parameter/a/b']],
    [
      'GetParameters',
      ssm('GetParameters', { Names: ['a', '/b'] }),
      ['ssm:GetParameters ssm:parameter/a', 'ssm:GetParameters ssm:parameter/b'],
    ],
    [
      'GetParametersByPath',
      ssm('GetParametersByPath', { Path: '/a/b/' }),
      ['ssm:GetParametersByPath ssm:parameter/a/b'],
    ],
    ['PutParameter', ssm('PutParameter', { Name: '/a' }), ['ssm:PutParameter ssm:parameter/a']],
    ['DeleteParameter', ssm('DeleteParameter', { Name: 'a' }), ['ssm:DeleteParameter ssm:parameter/a']],
    ['DescribeParameters', ssm('DescribeParameters', {}), ['ssm:DescribeParameters *']],
    ['GetDocument', ssm('GetDocument', { Name: 'd' }), ['ssm:GetDocument ssm:document/d']],
    [
      'AddTagsToResource',
      ssm('AddTagsToResource', { ResourceType: 'Parameter', ResourceId: '/a', Tags: [] }),
      ['ssm:AddTagsToResource ssm:parameter/a'],
    ],
  ],
}

askedTests(rows)
