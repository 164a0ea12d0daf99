import { type PolicySource, type SourceType, wildcardMatcher } from '@omen-iam/policy'
import { parseArn } from '../../../base/index.ts'
import type { Iam } from '../../../model/index.ts'
import { inlineName, type PolicyEntity } from '../entity.ts'
import { invalidInput } from '../faults.ts'

type ExcludedType = 'inline' | 'aws-managed' | 'user-managed' | 'permission-boundary' | 'scp' | 'rcp'

const types: ReadonlySet<string> = new Set<ExcludedType>([
  'inline',
  'aws-managed',
  'user-managed',
  'permission-boundary',
  'scp',
  'rcp',
])
const inlineTypes: ReadonlySet<SourceType> = new Set(['user', 'group', 'role'])

/** The most identifiers of a simulation. */
const exclusionsMost = 100

/** The policies that a simulation excludes, as if they were not attached (behaviour SIM-14). */
export interface Exclusions {
  excludesType(type: 'permission-boundary' | 'scp'): boolean
  keeps(source: PolicySource): boolean
}

/** @throws Fault InvalidInput if an identifier matches nothing, or more than one resource */
export function exclusions(
  identifiers: readonly Iam.PolicyIdentifier[],
  identities: readonly PolicyEntity[],
): Exclusions {
  if (identifiers.length > exclusionsMost) throw invalidInput(`More than ${exclusionsMost} exclusions.`)
  const excludedTypes = new Set<string>()
  const tests: ((source: PolicySource) => boolean)[] = []
  for (const identifier of identifiers) {
    const { PolicyType: type, PolicyArn: arn, InlinePolicyIdentifier: inline } = identifier
    if ([type, arn, inline].filter((each) => each !== undefined).length !== 1) {
      throw invalidInput(
        'A policy identifier must have exactly one of PolicyType, PolicyArn and InlinePolicyIdentifier.',
      )
    }
    if (type !== undefined) {
      if (!types.has(type)) throw invalidInput(`Invalid policy type: ${type}`)
      excludedTypes.add(type)
    }
    if (arn !== undefined) tests.push(byArn(arn))
    if (inline !== undefined) tests.push(byName(inline, identities))
  }
  return {
    excludesType: (type) => excludedTypes.has(type),
    keeps(source) {
      const { type } = source.source
      const typed = inlineTypes.has(type) ? 'inline' : type
      return !excludedTypes.has(typed) && !tests.some((test) => test(source))
    },
  }
}

function byArn(pattern: string): (source: PolicySource) => boolean {
  const parts = parseArn(pattern)
  const wild = /[*?]/
  const named = parts?.service === 'iam' && parts.resource.startsWith('policy/')
  if (!named || wild.test(`${parts.partition}${parts.account}`)) {
    throw invalidInput(`Invalid policy ARN: ${pattern}`)
  }
  const fits = wildcard(pattern)
  return ({ source }) => source.arn !== undefined && fits(source.arn)
}

function byName(
  inline: Iam.InlinePolicyIdentifierType,
  identities: readonly PolicyEntity[],
): (source: PolicySource) => boolean {
  const fits = wildcard(inline.AttachmentName)
  const names = identities
    .filter(({ type, record }) => type === inline.AttachmentType && fits(record.name))
    .map((identity) => inlineName(identity, inline.PolicyName))
  return ({ source }) => source.arn === undefined && source.name !== undefined && names.includes(source.name)
}

/** Any number of `?`, and at most one `*`. */
function wildcard(pattern: string): (text: string) => boolean {
  if (pattern.indexOf('*') !== pattern.lastIndexOf('*')) throw invalidInput(`More than one * in ${pattern}`)
  return wildcardMatcher(pattern)
}
