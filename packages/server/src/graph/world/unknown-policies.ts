import type { CompiledSet } from '@omen-iam/policy'
import { perObject } from '../../base/index.ts'
import { accountOfArn, type Document, type Group, type ManagedPolicy, nameOfArn } from './world.ts'
import { writtenPolicy } from './written-policy.ts'

/** The assumption about a policy that no file has: it may allow everything. */
const allows = writtenPolicy({ Sid: 'InNoFile', Effect: 'Allow', Action: '*', Resource: '*' }, 'identity')

/** Whom a trust policy that no file has may trust: anyone, in any way. */
const trusts = {
  Sid: 'InNoFile',
  Effect: 'Allow',
  Principal: '*',
  Action: ['sts:AssumeRole*', 'sts:TagSession', 'sts:SetSourceIdentity'],
}

/** The trust policy of a role that no file has. */
export function unknownTrust(role: string, source: Document['source']): Document {
  // each has a text of its own: what is found of one is not found of another
  const policy = writtenPolicy(trusts, 'trust', role)
  return { policy, source, key: role, isUnknown: true }
}

/** The documents in no file on which policies rest: they may refuse what these allow, and alone allow it. */
export function unknownIn({ identity, boundary, resource }: CompiledSet): readonly Document[] {
  return [identity, boundary, resource].flatMap((layer) => (layer === undefined ? [] : unknownOf(layer)))
}

const unknownOf = perObject(({ policies }: NonNullable<CompiledSet['identity']>) =>
  policies.filter((each): each is Document => 'isUnknown' in each && each.isUnknown === true),
)

function unknownDocument(key: string, source: Document['source']): Document {
  return { policy: { ...allows }, source, key, isUnknown: true }
}

/** A managed policy that is attached, and that no file has. */
export function unknownPolicy(arn: string): ManagedPolicy {
  const isCustomerManaged = accountOfArn(arn) !== 'aws'
  const type = isCustomerManaged ? 'user-managed' : 'aws-managed'
  const document = unknownDocument(arn, { type, arn, name: nameOfArn(arn) })
  return { arn, isCustomerManaged, defaultVersion: 'v1', versions: new Map([['v1', document]]) }
}

/** A group that a user is in, and that no file has. Its path is not known. */
export function unknownGroup(arn: string): Group {
  const name = nameOfArn(arn)
  return { arn, name, inline: [unknownDocument(arn, { type: 'group', arn, name })], attached: [] }
}
