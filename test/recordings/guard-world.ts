import type { Reached, Told } from './upstream.ts'

/** A key of AWS KMS. */
interface WorldKey {
  readonly policy?: object
  readonly grants?: readonly object[]
  readonly alias?: string
}

/** What the upstream has, as far as a row says it: by ARN, name or URL. */
export interface GuardWorld {
  readonly keys?: Readonly<Record<string, WorldKey>>
  readonly queues?: Readonly<
    Record<string, { readonly policy?: object; readonly key?: string; readonly messages?: number }>
  >
  readonly topics?: Readonly<Record<string, { readonly policy?: object; readonly key?: string }>>
  readonly subscriptions?: Readonly<Record<string, Readonly<Record<string, string>>>>
  readonly secrets?: readonly {
    readonly arn: string
    readonly tags?: Readonly<Record<string, string>>
    readonly policy?: object
    readonly key?: string
    readonly versions?: Readonly<
      Record<string, { readonly keys?: readonly string[]; readonly stages?: readonly string[] }>
    >
  }[]
  readonly parameters?: readonly object[]
  readonly machines?: Readonly<Record<string, { readonly key?: string; readonly role?: string }>>
  readonly activities?: Readonly<Record<string, { readonly key?: string }>>
  readonly executions?: Readonly<Record<string, { readonly key?: string; readonly machine: string }>>
  readonly buses?: Readonly<Record<string, { readonly key?: string; readonly policy?: object }>>
  readonly mappings?: Readonly<Record<string, object>>
  readonly tables?: Readonly<
    Record<string, { readonly keys: readonly [string, string?]; readonly policy?: object }>
  >
  readonly destinations?: readonly { readonly arn: string; readonly policy?: object }[]
  /** Buckets of the first account, without policies. */
  readonly buckets?: readonly string[]
  readonly repositories?: Readonly<Record<string, object>>
  /** What the upstream answers to the row's own call. */
  readonly answer?: Told
}

type Input = Reached['input']

/** The answers to the guard's questions, by operation; undefined where the world says nothing. */
const answers: Readonly<Record<string, (world: GuardWorld, input: Input, reached: Reached) => unknown>> = {
  DescribeKey: ({ keys = {} }, { KeyId }) => {
    const [arn] =
      Object.entries(keys).find(
        ([key, { alias }]) => key === KeyId || key.endsWith(`/${KeyId}`) || alias === KeyId,
      ) ?? []
    return arn && { KeyMetadata: { Arn: arn, KeyId: arn.split('/')[1], KeyManager: 'CUSTOMER' } }
  },
  GetKeyPolicy: ({ keys = {} }, { KeyId }) => {
    const key = keyOf(keys, KeyId)
    return key?.policy && { Policy: JSON.stringify(key.policy) }
  },
  ListGrants: ({ keys = {} }, { KeyId }) => {
    const key = keyOf(keys, KeyId)
    return key && { Grants: key.grants ?? [], Truncated: false }
  },
  GetQueueAttributes: ({ queues = {} }, { QueueUrl }) => {
    const queue = queues[String(QueueUrl).split('/').at(-1)!]
    return (
      queue && {
        Attributes: {
          ...(queue.policy && { Policy: JSON.stringify(queue.policy) }),
          ...(queue.key && { KmsMasterKeyId: queue.key }),
          ApproximateNumberOfMessages: String(queue.messages ?? 0),
        },
      }
    )
  },
  GetTopicAttributes: ({ topics = {} }, { TopicArn }) => {
    const topic = topics[String(TopicArn)]
    return (
      topic &&
      attributes('GetTopicAttributes', {
        ...(topic.policy && { Policy: JSON.stringify(topic.policy) }),
        ...(topic.key && { KmsMasterKeyId: topic.key }),
      })
    )
  },
  GetSubscriptionAttributes: ({ subscriptions = {} }, { SubscriptionArn }) => {
    const subscription = subscriptions[String(SubscriptionArn)]
    return subscription && attributes('GetSubscriptionAttributes', subscription)
  },
  DescribeSecret: ({ secrets = [] }, { SecretId }) => {
    const secret = secrets.find(({ arn }) => isNamed(arn, SecretId))
    const tags = Object.entries(secret?.tags ?? {}).map(([Key, Value]) => ({ Key, Value }))
    return secret && { ARN: secret.arn, ...(secret.key && { KmsKeyId: secret.key }), Tags: tags }
  },
  ListSecretVersionIds: ({ secrets = [] }, { SecretId }) => {
    const secret = secrets.find(({ arn }) => isNamed(arn, SecretId))
    return (
      secret && {
        ARN: secret.arn,
        Versions: Object.entries(secret.versions ?? {}).map(([VersionId, { keys, stages = [] }]) => ({
          VersionId,
          VersionStages: stages,
          ...(keys && { KmsKeyIds: keys }),
        })),
      }
    )
  },
  DescribeParameters: ({ parameters = [] }) => ({ Parameters: parameters }),
  DescribeStateMachine: ({ machines = {} }, { stateMachineArn }) => {
    const machine = machines[String(stateMachineArn)]
    return (
      machine && {
        stateMachineArn,
        ...encryption(machine.key),
        ...(machine.role && { roleArn: machine.role }),
      }
    )
  },
  DescribeActivity: ({ activities = {} }, { activityArn }) => {
    const activity = activities[String(activityArn)]
    return activity && { activityArn, ...encryption(activity.key) }
  },
  DescribeStateMachineForExecution: ({ executions = {} }, { executionArn }) => {
    const execution = executions[String(executionArn)]
    return execution && { stateMachineArn: execution.machine, ...encryption(execution.key) }
  },
  DescribeEventBus: ({ buses = {} }, { Name = 'default' }) => {
    const bus = buses[String(Name).split('/').at(-1)!]
    return (
      bus && {
        Name,
        ...(bus.key && { KmsKeyIdentifier: bus.key }),
        ...(bus.policy && { Policy: JSON.stringify(bus.policy) }),
      }
    )
  },
  DescribeTable: ({ tables = {} }, { TableName }) => {
    const table = tables[String(TableName).split('/').at(-1)!]
    const kinds = ['HASH', 'RANGE']
    return (
      table && {
        Table: {
          TableName,
          KeySchema: table.keys.map((AttributeName, i) => ({ AttributeName, KeyType: kinds[i] })),
        },
      }
    )
  },
  GetResourcePolicy: ({ tables = {}, secrets = [] }, { ResourceArn, SecretId }) => {
    const secret = secrets.find(({ arn }) => isNamed(arn, SecretId))
    if (secret !== undefined)
      return { ARN: secret.arn, ...(secret.policy && { ResourcePolicy: JSON.stringify(secret.policy) }) }
    const policy = tables[String(ResourceArn).split('/').at(-1)!]?.policy
    return policy && { Policy: JSON.stringify(policy) }
  },
  DescribeDestinations: ({ destinations = [] }) => ({
    destinations: destinations.map(({ arn, policy }) => ({
      arn,
      destinationName: arn.split(':').at(-1),
      ...(policy && { accessPolicy: JSON.stringify(policy) }),
    })),
  }),
  GetRepositoryPolicy: ({ repositories = {} }, { repositoryName }) => {
    const policy = repositories[String(repositoryName)]
    return policy && { policyText: JSON.stringify(policy) }
  },
}

/** The world's answer to a request. */
export function answersOf(world: GuardWorld, reached: Reached): Told | undefined {
  if (reached.forwarded && world.answer !== undefined) return world.answer
  const { operation, input, path } = reached
  if (operation === undefined) {
    if (path === '/' && world.buckets !== undefined) {
      const named = world.buckets.map((name) => `<Bucket><Name>${name}</Name></Bucket>`).join('')
      return { body: `<ListAllMyBucketsResult><Buckets>${named}</Buckets></ListAllMyBucketsResult>` }
    }
    const bucket = world.buckets?.find((name) => path === `/${name}` || path.startsWith(`/${name}/`))
    if (bucket !== undefined)
      return reached.query.has('policy')
        ? { status: 404, body: '<Error><Code>NoSuchBucketPolicy</Code></Error>' }
        : { body: '' }
    const mapping = world.mappings?.[/^\/2015-03-31\/event-source-mappings\/([^/]+)$/.exec(path)?.[1] ?? '']
    return mapping && { body: mapping }
  }
  const answer = Object.hasOwn(answers, operation) ? answers[operation]!(world, input, reached) : undefined
  return answer === undefined ? undefined : { body: answer as string | object }
}

function keyOf(keys: NonNullable<GuardWorld['keys']>, id: unknown): WorldKey | undefined {
  return Object.entries(keys).find(([arn]) => arn === id || arn.endsWith(`/${id}`))?.[1]
}

function isNamed(arn: string, id: unknown): boolean {
  return arn === id || arn.slice(0, -7).endsWith(`:secret:${id}`) || arn.slice(0, -7) === id
}

function encryption(key: string | undefined): object {
  return key === undefined
    ? {}
    : { encryptionConfiguration: { type: 'CUSTOMER_MANAGED_KMS_KEY', kmsKeyId: key } }
}

function attributes(operation: string, entries: Readonly<Record<string, string>>): string {
  const of = Object.entries(entries)
    .map(([key, value]) => `<entry><key>${key}</key><value>${escaped(value)}</value></entry>`)
    .join('')
  return `<${operation}Response><${operation}Result><Attributes>${of}</Attributes></${operation}Result></${operation}Response>`
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;')
}
