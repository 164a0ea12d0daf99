import { parseArn } from '../../base/index.ts'
import { type IdentifiedCall, type Input, type KeyOf, Unreadable, unpackedBody } from '../catalogue/index.ts'
import { type Asked, elementsIn, inForm, inJson, membersIn, membersOf, objectIn } from './answers.ts'
import type { KeyedPlace, KeyedThing, KeyReader } from './keyed-place.ts'
import { objectReaders } from './s3-keys.ts'

/** Pages of parameters below a path that are looked at. */
const mostPages = 20

/** The look-ups of the keys of each kind of thing (behaviour GRD-190). */
export const keyReaders: Readonly<Record<KeyOf, KeyReader>> = {
  ...objectReaders,
  input: async ({ named, own, input }) => {
    if (named === undefined || named === '') return []
    const [arn] = own.map(({ resource }) => resource)
    // a key that is given is tried with a version of no value
    const trial = input.SecretString === undefined ? { version: 'RequestToValidateKeyAccess' } : {}
    return [{ keys: [named], facts: { ...(arn !== undefined && { arn }), ...trial } }]
  },
  own: async ({ own, found }) =>
    own.slice(0, 1).map(({ resource: arn }) => ({ keys: [managedKey(found)], facts: { arn } })),
  queue: (place) => eachOwn(place, (arn) => ofQueue(arn, place)),
  waitingMessage: (place) => eachOwn(place, (arn) => ofQueue(arn, place, true)),
  topic: (place) =>
    eachOwn(place, async (arn) => {
      const action = { Action: 'GetTopicAttributes', Version: '2010-03-31', TopicArn: arn }
      const text = await place.ask(`topic ${arn}`, () => inForm('sns', action))
      return keyed(text && entryOf(text, 'KmsMasterKeyId'), { arn })
    }),
  version: async (place) => {
    const secrets = place.own.filter(({ action }) => action === 'secretsmanager:GetSecretValue')
    return (await Promise.all(secrets.map(({ resource }) => versionRead(resource, place)))).flat()
  },
  newVersion: (place) =>
    writesValue(place.found) ? eachOwn(place, (arn) => ofNewVersion(arn, place)) : none,
  repeatedVersion: (place) =>
    eachOwn(place, async (arn) => {
      const again = await repeated(arn, place)
      return again && keyed(again.keys, { arn, version: again.id })
    }),
  parameter: ofParameters,
  machine: (place) => eachOwn(place, (arn) => ofMachine(arn, place)),
  labelledMachine: (place) =>
    eachOwn(place, async (arn) => (/:stateMachine:[^:]+\//.test(arn) ? ofMachine(arn, place) : undefined)),
  execution: (place) => eachOwn(place, (arn) => ofExecution(arn, place)),
  activity: (place) =>
    eachOwn(place, async (arn) => {
      const asked = () => states('DescribeActivity', { activityArn: arn })
      return encrypted(await place.ask(`activity ${arn}`, asked), { arn })
    }),
  bus: async ({ input, call, ask }) => {
    const given = typeof input.EventBusName === 'string' ? input.EventBusName : 'default'
    const name = parseArn(given)?.resource.replace(/^event-bus\//, '') ?? given
    const asked = () => inJson('events', '1.1', 'AWSEvents.DescribeEventBus', { Name: given })
    const { KmsKeyIdentifier } = membersIn((await ask(`bus ${given}`, asked)) ?? '')
    const arn = `arn:${call.account.partition}:events:${call.region}:${call.account.id}:event-bus/${name}`
    const thing = keyed(KmsKeyIdentifier, { arn })
    return thing === undefined ? [] : [thing]
  },
  mapping: async ({ named, input, call, ask, found }) => {
    const { UUID } = found.labels
    const path = `/2015-03-31/event-source-mappings/${encodeURIComponent(UUID ?? '')}`
    const answer = UUID && (await ask(undefined, () => ({ service: 'lambda', method: 'GET', path })))
    const known = membersOf(objectIn(answer || ''))
    const facts: Record<string, string> = {}
    const source = known.EventSourceArn ?? input.EventSourceArn
    if (typeof source === 'string') facts.source = source
    const name = known.FunctionArn ?? input.FunctionName
    const { partition, id } = call.account
    if (typeof name === 'string')
      facts.function =
        parseArn(name) === undefined ? `arn:${partition}:lambda:${call.region}:${id}:function:${name}` : name
    const thing = keyed(named ?? known.KMSKeyArn, facts)
    return thing === undefined ? [] : [thing]
  },
}

const none = Promise.resolve([])

/** The thing of each resource that the call itself asks about. */
async function eachOwn(
  { own }: KeyedPlace,
  read: (arn: string) => Promise<KeyedThing | undefined>,
): Promise<readonly KeyedThing[]> {
  const arns = [...new Set(own.map(({ resource }) => resource))].filter((arn) => !/[*?]/.test(arn))
  return (await Promise.all(arns.map(read))).filter((thing) => thing !== undefined)
}

/** A thing under the keys that were found, if any. */
function keyed(keys: unknown, facts: KeyedThing['facts'], role?: string): KeyedThing | undefined {
  const named = [keys].flat().filter((key) => typeof key === 'string' && key !== '')
  return named.length === 0
    ? undefined
    : { keys: named as readonly string[], facts, ...(role !== undefined && { role }) } // texts, as the filter leaves
}

/** The key with which a service encrypts what names no other. */
function managedKey({ service }: IdentifiedCall): string {
  return `alias/aws/${service.signs}`
}

async function ofQueue(arn: string, { ask }: KeyedPlace, waiting = false): Promise<KeyedThing | undefined> {
  const { account = '', resource = '' } = parseArn(arn) ?? {}
  const QueueUrl = `http://localhost/${account}/${resource}`
  const AttributeNames = waiting ? ['KmsMasterKeyId', 'ApproximateNumberOfMessages'] : ['KmsMasterKeyId']
  const asked = () => inJson('sqs', '1.0', 'AmazonSQS.GetQueueAttributes', { QueueUrl, AttributeNames })
  const answer = await ask(waiting ? undefined : `queue ${arn}`, asked)
  const attributes = membersOf(membersIn(answer ?? '').Attributes)
  // an empty queue answers anyone
  if (waiting && attributes.ApproximateNumberOfMessages === '0') return undefined
  return keyed(attributes.KmsMasterKeyId, { arn })
}

function states(operation: string, input: object): Asked {
  return inJson('states', '1.0', `AWSStepFunctions.${operation}`, input)
}

async function ofMachine(own: string, { ask, input }: KeyedPlace): Promise<KeyedThing | undefined> {
  // a version keeps the key that it was published with
  const arn = typeof input.stateMachineArn === 'string' ? input.stateMachineArn : own
  const asked = () => states('DescribeStateMachine', { stateMachineArn: arn })
  // the context has no version
  return encrypted(await ask(`machine ${arn}`, asked), { arn: arn.split(':').slice(0, 7).join(':') })
}

/** An execution keeps the definition, and the key, that it began with. */
async function ofExecution(executionArn: string, { ask }: KeyedPlace): Promise<KeyedThing | undefined> {
  const asked = () => states('DescribeStateMachineForExecution', { executionArn })
  const answer = await ask(`execution ${executionArn}`, asked)
  const { stateMachineArn } = membersIn(answer ?? '')
  return encrypted(answer, typeof stateMachineArn === 'string' ? { arn: stateMachineArn } : {})
}

function encrypted(answer: string | undefined, facts: KeyedThing['facts']): KeyedThing | undefined {
  const { encryptionConfiguration, roleArn } = membersIn(answer ?? '')
  const { kmsKeyId } = membersOf(encryptionConfiguration)
  return keyed(kmsKeyId, facts, typeof roleArn === 'string' ? roleArn : undefined)
}

interface Version {
  readonly id: string
  readonly stages: readonly unknown[]
  readonly keys: readonly string[]
}

const secretsManager = (operation: string, input: object): Asked =>
  inJson('secretsmanager', '1.1', `secretsmanager.${operation}`, input)

async function versionsOf(arn: string, { ask }: KeyedPlace): Promise<readonly Version[]> {
  const asked = () => secretsManager('ListSecretVersionIds', { SecretId: arn, IncludeDeprecated: true })
  const { Versions } = membersIn((await ask(`versions of ${arn}`, asked)) ?? '')
  return (Array.isArray(Versions) ? Versions : []).map(membersOf).map((version) => ({
    id: String(version.VersionId),
    stages: Array.isArray(version.VersionStages) ? version.VersionStages : [],
    keys: (Array.isArray(version.KmsKeyIds) ? version.KmsKeyIds : []).map((key) =>
      key === 'DefaultEncryptionKey' ? ofSecrets : String(key),
    ),
  }))
}

const ofSecrets = 'alias/aws/secretsmanager'

/** The key that a secret's new values get; undefined if there is no such secret. */
async function keyOfSecret(arn: string, { ask }: KeyedPlace): Promise<string | undefined> {
  const answer = await ask(`secret ${arn}`, () => secretsManager('DescribeSecret', { SecretId: arn }))
  const { ARN, KmsKeyId } = membersIn(answer ?? '')
  if (typeof KmsKeyId === 'string' && KmsKeyId !== '') return KmsKeyId
  return typeof ARN === 'string' ? ofSecrets : undefined
}

/** The version that is read, under its own keys; if the upstream does not return them, under the secret's key. */
async function versionRead(arn: string, place: KeyedPlace): Promise<readonly KeyedThing[]> {
  if (/[*?]/.test(arn)) return []
  const { VersionId, VersionStage = 'AWSCURRENT' } = place.input
  const [versions, key] = await Promise.all([versionsOf(arn, place), keyOfSecret(arn, place)])
  const version = versions.find(({ id, stages }) =>
    typeof VersionId === 'string' ? id === VersionId : stages.includes(VersionStage),
  )
  const keys = version !== undefined && version.keys.length > 0 ? version.keys : key
  const thing = keyed(keys, { arn, ...(version !== undefined && { version: version.id }) })
  return thing === undefined ? [] : [thing]
}

/** The version that a call's token names, if it is there already: its value is compared. */
async function repeated(arn: string, place: KeyedPlace): Promise<Version | undefined> {
  const { ClientRequestToken: token } = place.input
  if (typeof token !== 'string') return undefined
  const versions = await versionsOf(arn, place)
  const again = versions.find(({ id }) => id === token)
  if (again === undefined || again.keys.length > 0) return again
  const key = await keyOfSecret(arn, place)
  return { ...again, keys: key === undefined ? [] : [key] }
}

async function ofNewVersion(arn: string, place: KeyedPlace): Promise<KeyedThing | undefined> {
  const { ClientRequestToken: token } = place.input
  const made = place.found.operation === 'CreateSecret'
  if (!made && (await repeated(arn, place)) !== undefined) return undefined
  const key = made ? ofSecrets : await keyOfSecret(arn, place)
  return keyed(key, { arn, ...(typeof token === 'string' && { version: token }) })
}

/** Whether a call of AWS Secrets Manager brings a value, which is not read otherwise. */
function writesValue(found: IdentifiedCall): boolean {
  const body = Buffer.from(unpackedBody(found) ?? found.request.body).toString('utf8')
  const { SecretString, SecretBinary } = membersOf(objectIn(body))
  return SecretString !== undefined || SecretBinary !== undefined
}

/** @throws Unreadable if there are more parameters than can be looked at */
async function ofParameters({ input, call, ask }: KeyedPlace): Promise<readonly KeyedThing[]> {
  const filter = filterOf(input)
  if (filter === undefined) return []
  const things: KeyedThing[] = []
  let NextToken: unknown
  for (let page = 0; page < mostPages; page++) {
    const more = NextToken === undefined ? {} : { NextToken }
    const body = { ParameterFilters: [filter], MaxResults: 50, ...more }
    const asked = () => inJson('ssm', '1.1', 'AmazonSSM.DescribeParameters', body)
    const answer = membersIn((await ask(`parameters ${JSON.stringify(body)}`, asked)) ?? '')
    for (const parameter of Array.isArray(answer.Parameters) ? answer.Parameters : []) {
      const { Name, Type, KeyId = 'alias/aws/ssm' } = membersOf(parameter)
      if (Type !== 'SecureString') continue
      const { partition, id } = call.account
      const arn = `arn:${partition}:ssm:${call.region}:${id}:parameter/${String(Name).replace(/^\//, '')}`
      const thing = keyed(KeyId, { arn })
      if (thing !== undefined) things.push(thing)
    }
    NextToken = answer.NextToken
    if (typeof NextToken !== 'string' || NextToken === '') return things
  }
  throw new Unreadable('More parameters are below that path than can be looked at')
}

/** The request that finds the parameters that a call reads, with their keys. */
function filterOf({ Name, Names, Path }: Input) {
  if (typeof Path === 'string') return { Key: 'Path', Option: 'Recursive', Values: [Path] }
  const names = [Name, Names].flat().filter((each) => typeof each === 'string')
  const values = names.flatMap((name) => {
    const inArn = parseArn(name)?.resource.replace(/^parameter\//, '')
    return inArn === undefined ? [name.split(':', 1)[0]!] : [inArn, `/${inArn}`]
  })
  return values.length === 0 ? undefined : { Key: 'Name', Option: 'Equals', Values: values }
}

/** The value of an entry of an attribute map in XML. */
export function entryOf(text: string, key: string): string | undefined {
  for (const { name, children } of elementsIn(text)) {
    if (name !== 'entry') continue
    const part = (wanted: string) => children.find((child) => child.name === wanted)?.text
    if (part('key') === key) return part('value')
  }
  return undefined
}
