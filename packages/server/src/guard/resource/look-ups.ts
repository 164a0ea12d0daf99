import type { AccessRequest, Call } from '../../authorization/index.ts'
import { parseXml } from '../../wire/index.ts'
import {
  type GuardRequest,
  type IdentifiedCall,
  type Input,
  type KeyNames,
  type NeedsPlace,
  needsOf,
  readInput,
  tablesWithKeys,
} from '../catalogue/index.ts'
import type { Upstream } from '../upstream.ts'
import { type Asked, answerTo, inForm, inJson, membersOf, objectIn } from './answers.ts'
import type { BucketFacts } from './bucket-facts.ts'
import { withKeyFacts } from './key-facts.ts'
import type { AskUpstream, KeyedPlace } from './keyed-place.ts'
import { keysUsed } from './keys-used.ts'
import { type LaunchTemplate, launchTemplate, templateNamed } from './launch-templates.ts'
import { devicesIn, launchOf } from './launches.ts'
import { Remembered } from './remembered.ts'
import { ofConfirmation, ofSubscription } from './subscriptions.ts'
import type { ResourceTags } from './tags/tags.ts'
import { startsTasks, withTaskRoles } from './task-definitions.ts'
import { arnOfName, isNameLookUp } from './tellers.ts'

type Known = string | undefined

/** The permissions of a call, or why they are unknown. */
export type Needs =
  | {
      readonly requests: readonly (AccessRequest & Pick<GuardRequest, 'via'>)[]
      /** Reads the keys that the call uses, if it uses any: the questions about them. With the owners of the call's resources. */
      readonly keys?: (owned: readonly AccessRequest[]) => Promise<readonly AccessRequest[]>
    }
  | { readonly unknown: string }

/**
 * Look-ups at the upstream for names in a call that it alone knows: keys of aliases, complete ARNs of secrets, workgroups of
 * queries.
 */
export class LookUps {
  readonly #upstream: Upstream
  readonly #roleInProfile: (name: string, call: Call) => string | undefined
  readonly #facts: BucketFacts
  readonly #tags: ResourceTags
  readonly #known: Remembered<Known>
  readonly #tables: Remembered<KeyNames | undefined>
  readonly #templates = new Remembered<LaunchTemplate>(0)

  /** `roleInProfile` returns the role of an instance profile, which the server's own IAM knows. */
  constructor(
    upstream: Upstream,
    { facts, tags }: { readonly facts: BucketFacts; readonly tags: ResourceTags },
    roleInProfile: (name: string, call: Call) => string | undefined,
  ) {
    this.#tags = tags
    this.#upstream = upstream
    this.#facts = facts
    this.#roleInProfile = roleInProfile
    this.#known = new Remembered(upstream.rememberedFor)
    this.#tables = new Remembered(upstream.rememberedFor)
  }

  /** The permissions of a call, its names resolved. @throws NoReply if the upstream does not answer */
  async needs(found: IdentifiedCall, call: Call): Promise<Needs> {
    const place = { account: call.account.id, region: call.region, partition: call.account.partition }
    const requests = await this.#needsOf(found, call, place)
    if ('unknown' in requests) return requests
    const plain = requests.filter(({ key }) => key === undefined)
    const looked = plain.some(({ lookUp }) => lookUp !== undefined)
      ? (await Promise.all(plain.map((request) => this.#looked(request, call, readInput(found))))).flat()
      : plain
    const meant = mapping.has(found.operation) ? await this.#ofMapping(found, looked, call) : looked
    if (found.service.id === 'kms')
      return { requests: await withKeyFacts(meant, (arn) => this.#describeKey(arn, call)) }
    const keyed = requests.filter(({ key }) => key !== undefined && key.of !== 'answeredObject')
    if (keyed.length === 0) return { requests: meant }
    const own = meant.filter(
      ({ action, forwardedBy }) => forwardedBy === undefined || !action.startsWith('kms:'),
    )
    return { requests: meant, keys: (owned) => this.#keysUsed(keyed, { found, own, owned, call }) }
  }

  /** The questions about keys that only the upstream's answer names. */
  async answered(
    found: IdentifiedCall,
    call: Call,
    answer: KeyedPlace['answer'],
  ): Promise<readonly AccessRequest[]> {
    const { id: account, partition } = call.account
    const requests = needsOf(found, { account, region: call.region, partition })
    if ('unknown' in requests) return []
    const keyed = requests.filter(({ key }) => key?.of === 'answeredObject')
    return this.#keysUsed(keyed, { found, own: [], owned: [], call, answer })
  }

  async #keysUsed(
    requests: readonly GuardRequest[],
    about: Pick<KeyedPlace, 'found' | 'own' | 'owned' | 'call' | 'answer'>,
  ): Promise<readonly AccessRequest[]> {
    const { call } = about
    const ask: AskUpstream = (name, asked) =>
      name === undefined ? answerTo(asked(), call, this.#upstream) : this.#answer(name, call, asked)
    const keys = await keysUsed(requests, { ...about, ask, facts: this.#facts })
    return withKeyFacts(keys, (arn) => this.#describeKey(arn, call))
  }

  /** A call succeeded: names that it may have given to another resource are resolved again. */
  passed({ service, operation }: IdentifiedCall): void {
    const changes =
      (service.id === 'kms' && /^(?:\w*Alias|ReplicateKey|UpdatePrimaryRegion)$/.test(operation)) ||
      (service.prefix === 'ses' && /Identity/.test(operation)) ||
      (service.id === 'secretsmanager' && /^(?:Create|Delete|Restore|Update)Secret$/.test(operation)) ||
      (service.id === 'ssm' && /^(?:Put|Delete)Parameters?$/.test(operation)) ||
      (service.id === 'secretsmanager' &&
        /^(?:PutSecretValue|RotateSecret|UpdateSecretVersionStage)$/.test(operation)) ||
      (service.id === 'sqs' && /^(?:Create|Delete)Queue$|^SetQueueAttributes$/.test(operation)) ||
      (service.id === 'sns' && /^(?:Create|Delete)Topic$|^SetTopicAttributes$/.test(operation)) ||
      (service.id === 'stepfunctions' &&
        /^(?:Create|Delete|Publish|Update)\w*(?:StateMachine|Activity)/.test(operation)) ||
      (service.id === 'events' && /^(?:Create|Delete|Update)EventBus$/.test(operation)) ||
      (service.id === 'ec2' && /^(?:Create|Deregister|Register)Image$/.test(operation)) ||
      (service.id === 'dynamodb' && /^(?:Create|Delete|Restore)Table/.test(operation))
    if (changes) this.forget()
  }

  /** Everything is resolved again. */
  forget(): void {
    this.#known.clear()
    this.#tables.clear()
  }

  /** The questions of a call with what the upstream knows of its input: the keys of tables, what a launch is made of. */
  async #needsOf(found: IdentifiedCall, call: Call, place: NeedsPlace) {
    if (found.service.id === 'ec2' && found.operation === 'RunInstances')
      return needsOf(found, place, await this.#launch(readInput(found), call))
    if (startsTasks(found))
      return needsOf(found, place, await withTaskRoles(readInput(found), call, this.#upstream))
    let isComplete = true
    const keysOf = (table: string) => {
      const known = this.#tables.settled(tableKey(table, call), call.now)
      if (known === undefined) isComplete = false
      return known
    }
    const requests = needsOf(found, { ...place, keysOf })
    const tables = isComplete || 'unknown' in requests ? [] : tablesWithKeys(found, requests)
    if (tables.length === 0) return requests
    const asked = tables.map(async (table) => [table, await this.#keysOf(table, call)] as const)
    const keys: ReadonlyMap<string, KeyNames | undefined> = new Map(await Promise.all(asked))
    return needsOf(found, { ...place, keysOf: (table) => keys.get(table) })
  }

  /** A launch with what its template and its image give it (behaviour GRD-472). */
  #launch(launch: Input, call: Call): Promise<Input> {
    const named = templateNamed(launch)
    return launchOf(
      launch,
      named === undefined ? undefined : async () => (await this.#template(named, call)).gives,
      async (id) => {
        const asked = inForm('ec2', { Action: 'DescribeImages', Version: '2016-11-15', 'ImageId.1': id })
        const answer = await this.#answer(`image ${id}`, call, asked)
        return answer === undefined ? undefined : devicesIn(parseXml(answer), id)
      },
    )
  }

  /** A launch template as it is now: a call asks for it once. */
  #template(named: string, call: Call): Promise<LaunchTemplate> {
    const key = `${call.account.id} ${call.region} ${named}`
    return this.#templates.get(key, call.now, () => launchTemplate(named, call, this.#upstream))
  }

  /** The question about the resource that is really meant; undefined if there is none. */
  async #looked(
    request: GuardRequest,
    call: Call,
    { SecretIdList: ids, AuthenticateOnUnsubscribe }: Input,
  ): Promise<readonly AccessRequest[]> {
    const { lookUp } = request
    const access = accessOf(request)
    if (lookUp?.kind === 'subscription') return [await ofSubscription(access, call, this.#upstream)]
    if (lookUp?.kind === 'confirmation')
      return [ofConfirmation(access, AuthenticateOnUnsubscribe === 'true', call)]
    if (lookUp?.kind === 'launchTemplate') return this.#ofTemplate(access, lookUp.name, call)
    const resource = lookUp && (await this.#find(lookUp, call))
    if (lookUp?.kind === 'secret') return [ofSecret(access, resource, lookUp.name, ids)]
    return [resource === undefined ? access : { ...access, resource }]
  }

  /**
   * The role that a launch template passes, if any; any role for a profile that is unknown here. A template given by
   * name is also authorized by its ARN, which contains its id.
   */
  async #ofTemplate(access: AccessRequest, named: string, call: Call): Promise<readonly AccessRequest[]> {
    const { id, profile } = await this.#template(named, call)
    const { service, operation, region, account } = call
    const asks = /^LaunchTemplateName=/.test(named) && service.id === 'ec2' && launching.has(operation.name)
    const resource = `arn:${account.partition}:ec2:${region}:${account.id}:launch-template/${id}`
    const own = asks && id !== undefined ? [{ action: `ec2:${operation.name}`, resource }] : []
    if (profile === 'none') return own
    const role = profile === 'unknown' ? undefined : this.#roleInProfile(profile.name, call)
    return [...own, role === undefined ? access : { ...access, resource: role }]
  }

  /**
   * Questions about an event source mapping with the function that it belongs to, which a policy may name; a mapping
   * that gets another function is asked about with both (behaviour GRD-49).
   */
  async #ofMapping({ service, labels }: IdentifiedCall, meant: readonly AccessRequest[], call: Call) {
    const { UUID } = labels
    if (service.id !== 'lambda' || UUID === undefined) return meant
    const path = `/2015-03-31/event-source-mappings/${encodeURIComponent(UUID)}`
    const answer = await answerTo({ service: 'lambda', method: 'GET', path }, call, this.#upstream)
    const own = textAt(answer, ['FunctionArn'])
    if (own === undefined) return meant
    return meant.flatMap((access) => {
      const withOwn = { ...access, context: { ...access.context, 'lambda:FunctionArn': own } }
      return access.context?.['lambda:FunctionArn'] === undefined ? [withOwn] : [withOwn, access]
    })
  }

  async #find({ kind, name }: NonNullable<GuardRequest['lookUp']>, call: Call): Promise<Known> {
    if (isNameLookUp(kind)) return arnOfName(kind, name, call, this.#upstream)
    switch (kind) {
      case 'launchTemplate':
      case 'subscription':
      case 'confirmation':
        return undefined // is looked at before
      case 'instanceProfile':
        return this.#roleInProfile(name, call)
      case 'kmsAlias':
        return textAt(await this.#describeKey(name, call), ['KeyMetadata', 'Arn'])
      case 'secret': {
        const asked = inJson('secretsmanager', '1.1', 'secretsmanager.DescribeSecret', { SecretId: name })
        const answer = await this.#answer(`secret ${name}`, call, asked)
        const arn = textAt(answer, ['ARN'])
        if (arn === undefined || answer === undefined) return arn
        // the secret's key, which is looked for by its ARN, is in the same answer, and so are its tags
        this.#tags.tell(arn, answer, call.now)
        await this.#answer(`secret ${arn}`, call, answer)
        return arn
      }
      case 'sesIdentity':
        return this.#sender(name, call)
      case 'athenaQuery':
        return this.#workgroup('QueryExecution', name, call)
      case 'athenaNamedQuery':
        return this.#workgroup('NamedQuery', name, call)
      case 'mountTarget': {
        const path = '/2015-02-01/mount-targets'
        const query = `MountTargetId=${encodeURIComponent(name)}`
        const asked = { service: 'elasticfilesystem', method: 'GET' as const, path, query }
        const found = await this.#askKey(`${kind} ${name}`, call, asked, [
          'MountTargets',
          '0',
          'FileSystemId',
        ])
        return (
          found &&
          `arn:${call.account.partition}:elasticfilesystem:${call.region}:${call.account.id}:file-system/${found}`
        )
      }
    }
  }

  /** The sender is the address if it is an identity of its own, otherwise its domain. */
  #sender(address: string, { account, region, now }: Call): Promise<Known> {
    const at = address.lastIndexOf('@')
    if (at < 0) return Promise.resolve(undefined)
    const identity = (name: string) => `arn:${account.partition}:ses:${region}:${account.id}:identity/${name}`
    return this.#remembered(`${account.id} ${region} sender ${address}`, now, async () => {
      const action = { Action: 'GetIdentityVerificationAttributes', Version: '2010-12-01' }
      const asked = inForm('ses', { ...action, 'Identities.member.1': address })
      const text = await answerTo(asked, { account, region }, this.#upstream)
      if (text === undefined) return undefined
      // an address with characters that no identity has was never verified
      return identity(text.includes(`<key>${address}</key>`) ? address : address.slice(at + 1).toLowerCase())
    })
  }

  /** Which workgroup a query of Amazon Athena is of never changes. */
  async #workgroup(kind: 'QueryExecution' | 'NamedQuery', id: string, call: Call): Promise<Known> {
    const asked = inJson('athena', '1.1', `AmazonAthena.Get${kind}`, { [`${kind}Id`]: id })
    const found = await this.#askKey(`${kind} ${id}`, call, asked, [kind, 'WorkGroup'])
    return (
      found && `arn:${call.account.partition}:athena:${call.region}:${call.account.id}:workgroup/${found}`
    )
  }

  /** The upstream's data about a key, as it is written. */
  #describeKey(KeyId: string, call: Call): Promise<Known> {
    const asked = () => inJson('kms', '1.1', 'TrentService.DescribeKey', { KeyId })
    return this.#answer(`key ${KeyId}`, call, asked)
  }

  /** The key attributes of a table, or of one of its indexes; those that are not known may be the next moment. */
  async #keysOf(named: string, call: Call): Promise<KeyNames | undefined> {
    const key = tableKey(named, call)
    const known = await this.#tables.get(key, call.now, () => this.#readKeys(named, call))
    if (known === undefined) this.#tables.forget(key)
    return known
  }

  async #readKeys(named: string, call: Call): Promise<KeyNames | undefined> {
    const [TableName, , index] = named.split('/')
    const asked = inJson('dynamodb', '1.0', 'DynamoDB_20120810.DescribeTable', { TableName })
    const answer = await this.#answer(`table ${TableName}`, call, asked)
    const { Table } = membersOf(objectIn(answer ?? ''))
    const table = membersOf(Table)
    const indexes = [table.GlobalSecondaryIndexes ?? [], table.LocalSecondaryIndexes ?? []]
      .flat()
      .map(membersOf)
    const keyed = index === undefined ? table : indexes.find(({ IndexName }) => IndexName === index)
    const names = (Array.isArray(keyed?.KeySchema) ? keyed.KeySchema : []).map(membersOf)
    const ofType = (type: string) => names.find(({ KeyType }) => KeyType === type)?.AttributeName
    const [hash, range] = [ofType('HASH'), ofType('RANGE')]
    if (typeof hash !== 'string') return undefined
    return { hash, ...(typeof range === 'string' && { range }) }
  }

  #askKey(name: string, call: Call, asked: Asked, path: readonly string[]): Promise<Known> {
    return this.#answer(name, call, asked, (text) => textAt(text, path))
  }

  /** The remembered answer of that name. @param asked what to ask for it, or the answer if it is known already */
  #answer(
    name: string,
    call: Call,
    asked: Asked | (() => Asked) | string,
    read = (text: Known) => text,
  ): Promise<Known> {
    return this.#remembered(`${call.account.id} ${call.region} ${name}`, call.now, async () => {
      if (typeof asked === 'string') return read(asked)
      return read(await answerTo(typeof asked === 'function' ? asked() : asked, call, this.#upstream))
    })
  }

  /** Known answers are kept for a while; unknown names may exist the next moment. */
  async #remembered(key: string, now: number, read: () => Promise<Known>): Promise<Known> {
    const known = await this.#known.get(key, now, read)
    if (known === undefined) this.#known.forget(key)
    return known
  }
}

/** The name under which the keys of a table are remembered. */
function tableKey(table: string, { account, region }: Call): string {
  return `${account.id} ${region} ${table}`
}

/** Operations on an event source mapping of Lambda. */
const mapping: ReadonlySet<string> = new Set([
  'DeleteEventSourceMapping',
  'GetEventSourceMapping',
  'UpdateEventSourceMapping',
])

/** Questions about a launch template, beside all that it launches. */
const launching: ReadonlySet<string> = new Set(['CreateFleet', 'RunInstances'])

/** The question alone. */
function accessOf({
  lookUp: _,
  exactness: _e,
  key: _k,
  ...access
}: GuardRequest): AccessRequest & Pick<GuardRequest, 'via'> {
  return access
}

/**
 * A question about a secret by its real ARN, which is also the value of secretsmanager:SecretId; the refusal names it
 * as the call does (behaviours GRD-212, GRD-213).
 */
function ofSecret(given: AccessRequest, resource: Known, name: string, ids: unknown): AccessRequest {
  const part = Array.isArray(ids) ? ids.indexOf(name) : -1
  const access = part < 0 ? given : { ...given, part, partOf: resource ?? given.resource }
  if (resource === undefined)
    return access.resource.endsWith('-??????') ? { ...access, resourceInSentence: name } : access
  const key = 'secretsmanager:SecretId'
  const told = access.context?.[key] === undefined ? {} : { context: { ...access.context, [key]: resource } }
  return { ...access, resource, ...told, ...(name.startsWith('arn:') ? {} : { resourceInSentence: name }) }
}

/** The text at a path; of a list the first by `0`. */
function textAt(json: Known, path: readonly string[]): Known {
  let value: unknown = json === undefined ? undefined : objectIn(json)
  for (const step of path) {
    if (Array.isArray(value) && step === '0') {
      value = value[0]
    } else {
      value = membersOf(value)[step]
    }
  }
  return typeof value === 'string' ? value : undefined
}
