import { account } from './house.ts'

type Params = Readonly<Record<string, unknown>>

/** A kind of resource with tags, as boto3 makes and uses it. */
export interface TaggedKind {
  readonly client: string
  readonly make: readonly [method: string, params: (name: string, env: string) => Params]
  /** The call that tags it, if the one that makes it does not. */
  readonly tag?: readonly [method: string, params: (name: string, env: string) => Params]
  /** A call on it alone: its parameters, by its name and the answer that made it. */
  readonly use: readonly [method: string, params: (name: string, made: Params) => Params]
}

const pairs = (env: string) => [{ Key: 'env', Value: env }]
const lowered = (env: string) => [{ key: 'env', value: env }]
const member = (made: Params, name: string, of: string) => (made[name] as Params)[of]
const definition = JSON.stringify({ StartAt: 'a', States: { a: { Type: 'Succeed' } } })

/** Kinds of resources of several services, whose tags the guard reads by a call of each service's own. */
export const taggedKinds: readonly TaggedKind[] = [
  {
    client: 'dynamodb',
    make: [
      'create_table',
      (TableName, env) => ({
        TableName,
        BillingMode: 'PAY_PER_REQUEST',
        AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
        KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
        Tags: pairs(env),
      }),
    ],
    use: ['get_item', (TableName) => ({ TableName, Key: { id: { S: '1' } } })],
  },
  {
    client: 'sqs',
    make: ['create_queue', (QueueName, env) => ({ QueueName, tags: { env } })],
    use: ['send_message', (_, { QueueUrl }) => ({ QueueUrl, MessageBody: 'x' })],
  },
  {
    client: 'sns',
    make: ['create_topic', (Name, env) => ({ Name, Tags: pairs(env) })],
    use: ['publish', (_, { TopicArn }) => ({ TopicArn, Message: 'x' })],
  },
  {
    client: 'kms',
    make: ['create_key', (_, env) => ({ Tags: [{ TagKey: 'env', TagValue: env }] })],
    use: ['encrypt', (_, made) => ({ KeyId: member(made, 'KeyMetadata', 'KeyId'), Plaintext: 'x' })],
  },
  {
    client: 'secretsmanager',
    make: ['create_secret', (Name, env) => ({ Name, SecretString: 'x', Tags: pairs(env) })],
    use: ['get_secret_value', (SecretId) => ({ SecretId })],
  },
  {
    client: 'ssm',
    make: ['put_parameter', (Name, env) => ({ Name, Value: 'x', Type: 'String', Tags: pairs(env) })],
    use: ['get_parameter', (Name) => ({ Name })],
  },
  {
    client: 'logs',
    make: ['create_log_group', (logGroupName, env) => ({ logGroupName, tags: { env } })],
    use: ['put_retention_policy', (logGroupName) => ({ logGroupName, retentionInDays: 7 })],
  },
  {
    client: 'events',
    make: ['put_rule', (Name, env) => ({ Name, ScheduleExpression: 'rate(1 day)', Tags: pairs(env) })],
    use: ['describe_rule', (Name) => ({ Name })],
  },
  {
    client: 'stepfunctions',
    make: [
      'create_state_machine',
      (name, env) => ({
        name,
        definition,
        roleArn: `arn:aws:iam::${account}:role/runner`,
        tags: lowered(env),
      }),
    ],
    use: ['describe_state_machine', (_, { stateMachineArn }) => ({ stateMachineArn })],
  },
  {
    client: 'ecs',
    make: ['create_cluster', (clusterName, env) => ({ clusterName, tags: lowered(env) })],
    use: ['delete_cluster', (cluster) => ({ cluster })],
  },
  {
    client: 'ecr',
    make: ['create_repository', (repositoryName, env) => ({ repositoryName, tags: pairs(env) })],
    use: ['list_images', (repositoryName) => ({ repositoryName })],
  },
  {
    client: 'kinesis',
    make: ['create_stream', (StreamName) => ({ StreamName, ShardCount: 1 })],
    // moto keeps no tags of a stream that is made
    tag: ['add_tags_to_stream', (StreamName, env) => ({ StreamName, Tags: { env } })],
    use: ['describe_stream', (StreamName) => ({ StreamName })],
  },
  {
    client: 'rds',
    make: [
      'create_db_parameter_group',
      (DBParameterGroupName, env) => ({
        DBParameterGroupName,
        DBParameterGroupFamily: 'mysql8.0',
        Description: 'x',
        Tags: pairs(env),
      }),
    ],
    use: ['delete_db_parameter_group', (DBParameterGroupName) => ({ DBParameterGroupName })],
  },
  {
    client: 'lambda',
    make: [
      'create_function',
      (FunctionName, env) => ({
        FunctionName,
        Runtime: 'python3.12',
        Handler: 'a.b',
        Role: `arn:aws:iam::${account}:role/runner`,
        Code: { ZipFile: 'x' },
        Tags: { env },
      }),
    ],
    use: ['get_function_configuration', (FunctionName) => ({ FunctionName })],
  },
  {
    client: 'cloudwatch',
    make: [
      'put_metric_alarm',
      (AlarmName, env) => ({
        AlarmName,
        MetricName: 'm',
        Namespace: 'n',
        Period: 60,
        EvaluationPeriods: 1,
        Threshold: 1,
        ComparisonOperator: 'GreaterThanThreshold',
        Statistic: 'Sum',
        Tags: pairs(env),
      }),
    ],
    use: ['set_alarm_state', (AlarmName) => ({ AlarmName, StateValue: 'OK', StateReason: 'x' })],
  },
  {
    client: 'apigateway',
    make: ['create_rest_api', (name, env) => ({ name, tags: { env } })],
    use: ['get_resources', (_, { id }) => ({ restApiId: id })],
  },
]
