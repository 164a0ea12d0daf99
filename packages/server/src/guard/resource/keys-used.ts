import type { AccessRequest, Call } from '../../authorization/index.ts'
import { factsOf, parseArn, principalIn } from '../../base/index.ts'
import { type IdentifiedCall, type Input, readInput, Unreadable } from '../catalogue/index.ts'
import { type Asked, inJson, membersOf, objectIn } from './answers.ts'

/**
 * Sends a request to the upstream, in the account and region of the call; the text of its answer, undefined if it
 * refuses.
 */
export type AskUpstream = (name: string, asked: Asked) => Promise<string | undefined>

/** Pages of parameters below a path that are looked at. */
const mostPages = 20

/** The default keys of Secrets Manager and Systems Manager: every reader may use them. */
const ownKeys = /(?:^|:)alias\/aws\/(?:ssm|secretsmanager)$/

/**
 * The questions about AWS KMS keys that a call uses for what it reads or writes: AWS uses a customer's key with the
 * caller's permissions (behaviour GRD-53). Keys are named as the upstream names them, by id, alias or ARN. @throws
 * Unreadable if there are too many resources to look up
 */
export async function keysUsed(
  found: IdentifiedCall,
  meant: readonly AccessRequest[],
  call: Call,
  ask: AskUpstream,
): Promise<readonly KeyUse[]> {
  const uses = await ofSecrets(meant, call, ask)
  return found.service.id === 'ssm' ? [...uses, ...(await ofParameters(found, call, ask))] : uses
}

/** A use of a key. */
export interface KeyUse {
  readonly action: string
  readonly key: string
  /** The service that uses the key with the caller's credentials. */
  readonly forwardedBy: string
  readonly context: Readonly<Record<string, string>>
}

const secretActions: Readonly<Record<string, readonly string[]>> = {
  'secretsmanager:GetSecretValue': ['kms:Decrypt'],
  'secretsmanager:PutSecretValue': ['kms:GenerateDataKey', 'kms:Decrypt'],
}

async function ofSecrets(
  meant: readonly AccessRequest[],
  call: Call,
  ask: AskUpstream,
): Promise<readonly KeyUse[]> {
  const uses: KeyUse[] = []
  for (const { action, resource } of meant) {
    const actions = secretActions[action]
    if (actions === undefined || /[*?]/.test(resource)) continue
    const asked = inJson('secretsmanager', '1.1', 'secretsmanager.DescribeSecret', { SecretId: resource })
    const { KmsKeyId: key } = membersOf(objectIn((await ask(`secret of ${resource}`, asked)) ?? ''))
    if (typeof key !== 'string' || key === '' || ownKeys.test(key)) continue
    const context = contextOf('secretsmanager', 'SecretARN', resource, call)
    const forwardedBy = serviceIn('secretsmanager', call)
    uses.push(...actions.map((each) => ({ action: each, key, context, forwardedBy })))
  }
  return uses
}

async function ofParameters(found: IdentifiedCall, call: Call, ask: AskUpstream): Promise<readonly KeyUse[]> {
  const input = readInput(found)
  if (input.WithDecryption !== 'true') return []
  const filter = filterOf(input)
  if (filter === undefined) return []
  const uses: KeyUse[] = []
  let NextToken: unknown
  for (let page = 0; page < mostPages; page++) {
    const more = NextToken === undefined ? {} : { NextToken }
    const body = { ParameterFilters: [filter], MaxResults: 50, ...more }
    const asked = inJson('ssm', '1.1', 'AmazonSSM.DescribeParameters', body)
    const answer = membersOf(objectIn((await ask(`parameters ${JSON.stringify(body)}`, asked)) ?? ''))
    for (const parameter of Array.isArray(answer.Parameters) ? answer.Parameters : []) {
      const { Name, Type, KeyId: key } = membersOf(parameter)
      if (Type !== 'SecureString' || typeof key !== 'string' || ownKeys.test(key)) continue
      const name = String(Name)
      const arn = `arn:${call.account.partition}:ssm:${call.region}:${call.account.id}:parameter/${name.replace(/^\//, '')}`
      const context = contextOf('ssm', 'PARAMETER_ARN', arn, call)
      uses.push({ action: 'kms:Decrypt', key, context, forwardedBy: serviceIn('ssm', call) })
    }
    NextToken = answer.NextToken
    if (typeof NextToken !== 'string' || NextToken === '') return uses
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

function serviceIn(service: string, { account }: Call): string {
  return principalIn(account.partition, `${service}.amazonaws.com`)
}

function contextOf(service: string, name: string, value: string, { region, account }: Call) {
  return {
    'kms:CallerAccount': account.id,
    'kms:ViaService': `${service}.${region}.${factsOf(account.partition).dnsSuffix}`,
    [`kms:EncryptionContext:${name}`]: value,
    'kms:EncryptionContextKeys': name,
    'kms:EncryptionAlgorithm': 'SYMMETRIC_DEFAULT',
  }
}
