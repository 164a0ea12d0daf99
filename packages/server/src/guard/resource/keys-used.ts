import { type AccessRequest, type Call, hypotheticalSession } from '../../authorization/index.ts'
import { factsOf, parseArn, principalIn } from '../../base/index.ts'
import { type GuardRequest, type IdentifiedCall, type Input, readInput } from '../catalogue/index.ts'
import { inJson, membersIn, membersOf } from './answers.ts'
import type { BucketFacts } from './bucket-facts.ts'
import type { AskUpstream, KeyedPlace, KeyedThing } from './keyed-place.ts'
import { keyReaders } from './keyed-things.ts'

/** A question about the key of a thing. */
type KeyQuestion = GuardRequest & { readonly key: NonNullable<GuardRequest['key']> }

/** The parts of questions about keys. */
export interface KeysAsked {
  readonly found: IdentifiedCall
  /** The call's own questions: the things whose keys are meant. */
  readonly own: readonly AccessRequest[]
  /** The same with the owners of their resources. */
  readonly owned: readonly AccessRequest[]
  readonly call: Call
  readonly ask: AskUpstream
  readonly facts: BucketFacts
  /** The headers of the upstream's answer, if there is one already. */
  readonly answer?: KeyedPlace['answer']
}

/** Keys that AWS manages: everyone of the account may use them through their service, unless a Deny says otherwise. */
const managedAlias = /(?:^|:)alias\/aws\//

/**
 * The questions about the keys of AWS KMS that a call uses for what it reads or writes: AWS asks them with the caller's
 * permissions (behaviour GRD-190). @throws Unreadable if there are too many things to look up
 */
export async function keysUsed(
  questions: readonly GuardRequest[],
  asked: KeysAsked,
): Promise<readonly AccessRequest[]> {
  const keyed = questions.filter((one): one is KeyQuestion => one.key !== undefined)
  return (await Promise.all(keyed.map((question) => ofQuestion(question, asked)))).flat()
}

async function ofQuestion(question: KeyQuestion, asked: KeysAsked): Promise<readonly AccessRequest[]> {
  const { found } = asked
  const input: Input = readInput(found)
  const { of, named } = question.key
  const things = await keyReaders[of]({ ...asked, input, named })
  const requests = await Promise.all(things.map((thing) => ofThing(question, thing, asked)))
  return requests.flat()
}

/** One question about a thing: any one of its keys is enough. */
async function ofThing(
  question: KeyQuestion,
  thing: KeyedThing,
  { call, found, own, ask }: KeysAsked,
): Promise<readonly AccessRequest[]> {
  const { action, refusedAs, key } = question
  const by = key.by === undefined ? {} : askedInPlace(key.by, thing, call)
  if (by === undefined) return []
  const whole = own.find(({ resource, part }) => resource === thing.facts.arn && part !== undefined)
  const context = {
    ...contextOf(found.service.signs, key.context ?? {}, thing, call),
    ...(action === 'kms:CreateGrant'
      ? { 'kms:GrantIsForAWSResource': 'true' }
      : { 'kms:EncryptionAlgorithm': 'SYMMETRIC_DEFAULT' }),
  }
  const requests = await Promise.all(
    thing.keys.map(async (name): Promise<AccessRequest> => {
      const { resource, isManaged } = await keyNamed(name, call, ask)
      return {
        action,
        resource,
        context,
        ...('asked' in by && by.asked.kind === 'service'
          ? { context: { ...context, 'aws:SourceAccount': call.account.id } }
          : { forwardedBy: serviceIn(found.service.signs, call) }),
        ...(refusedAs !== undefined && { refusedAs }),
        ...(isManaged && { deniesOnly: true }),
        ...(whole?.part !== undefined && { part: whole.part, partOf: whole.resource }),
        ...by,
      }
    }),
  )
  const [first, ...others] = requests
  if (first === undefined) return []
  return [others.length === 0 ? first : { ...first, or: others }]
}

/**
 * The principal that is asked about instead: a service, or the role of an execution; undefined if that role is of
 * another IAM.
 */
function askedInPlace(
  by: string,
  { role }: KeyedThing,
  { account, now, id }: Call,
): Pick<AccessRequest, 'asked'> | undefined {
  if (by !== 'role') {
    const name = principalIn(account.partition, by)
    return { asked: { kind: 'service', account: account.id, name } }
  }
  const name = role?.slice(role.lastIndexOf('/') + 1)
  const session = name && hypotheticalSession(account, name, id.replaceAll('-', '').slice(0, 32), now)
  return session ? { asked: session } : undefined
}

/** The ARN of a key that is named by id, alias or ARN, and whether AWS manages it. */
async function keyNamed(name: string, { account, region }: Call, ask: AskUpstream) {
  const asked = () => inJson('kms', '1.1', 'TrentService.DescribeKey', { KeyId: name })
  const { KeyMetadata } = membersIn((await ask(`key ${name}`, asked)) ?? '')
  const { Arn, KeyManager } = membersOf(KeyMetadata)
  const isManaged = managedAlias.test(name) || KeyManager === 'AWS'
  if (typeof Arn === 'string') return { resource: Arn, isManaged }
  const start = `arn:${account.partition}:kms:${region}:${account.id}:`
  if (isManaged) return { resource: `${start}key/*`, isManaged }
  const plain = name.startsWith('alias/') ? name : `key/${name}`
  return { resource: parseArn(name) === undefined ? `${start}${plain}` : name, isManaged }
}

function serviceIn(service: string, { account }: Call): string {
  return principalIn(account.partition, `${service}.amazonaws.com`)
}

/** The keys of a request to AWS KMS that a service makes: which service, and the encryption context. */
function contextOf(
  service: string,
  names: Readonly<Record<string, string>>,
  { facts }: KeyedThing,
  { region, account }: Call,
) {
  const encryption = Object.entries(names).flatMap(([name, fact]) => {
    const value = facts[fact]
    return value === undefined ? [] : [[name, value] as const]
  })
  return {
    'kms:CallerAccount': account.id,
    'kms:ViaService': `${service}.${region}.${factsOf(account.partition).dnsSuffix}`,
    ...Object.fromEntries(encryption.map(([name, value]) => [`kms:EncryptionContext:${name}`, value])),
    ...(encryption.length > 0 && { 'kms:EncryptionContextKeys': encryption.map(([name]) => name) }),
  }
}
