import { type PolicySource, type SourceType, wildcardMatcher } from '@omen-iam/policy'
import { parseArn } from '../../../base/index.ts'
import type { Iam } from '../../../model/index.ts'
import { inlineName, type PolicyEntity } from '../entity.ts'
import { invalidInput, validationError } from '../faults.ts'

/** In the order in which AWS lists them. */
const types = ['scp', 'permission-boundary', 'aws-managed', 'inline', 'user-managed', 'rcp'] as const
const inlineTypes: ReadonlySet<SourceType> = new Set(['user', 'group', 'role'])

/** Matches a name of a bearer: it must have one letter or sign of names. */
const bearerForm = '.*[\\w+=,.@-]+.*'
const nameForm = /^[\w+=,.@-]+$/

/** The most identifiers of a simulation. */
const exclusionsMost = 100

/** The policies that a simulation excludes, as if they were not attached (behaviour SIM-14). */
export interface Exclusions {
  excludesType(type: 'permission-boundary' | 'scp'): boolean
  keeps(source: PolicySource): boolean
}

/** @throws Fault ValidationError or InvalidInput if an identifier is malformed (behaviour SIM-45) */
export function exclusions(
  identifiers: readonly Iam.PolicyIdentifier[],
  identities: readonly PolicyEntity[],
): Exclusions {
  checkForms(identifiers)
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
    if (type !== undefined) excludedTypes.add(type)
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

/** Checks the forms in AWS's model of the API; the published model has neither the words nor the pattern. */
function checkForms(identifiers: readonly Iam.PolicyIdentifier[]): void {
  const faults = identifiers.flatMap(({ PolicyType: type, InlinePolicyIdentifier: inline }, index) => {
    const member = `policyExclusionList.${index + 1}.member`
    const bearer = inline?.AttachmentName
    return [
      ...(type === undefined || types.some((each) => each === type)
        ? []
        : [`Value '${type}' at '${member}.policyType' ${must('enum value set', `[${types.join(', ')}]`)}`]),
      ...(bearer === undefined || new RegExp(bearerForm).test(bearer)
        ? []
        : [
            `Value '${bearer}' at '${member}.inlinePolicyIdentifier.attachmentName' ${must('regular expression pattern', bearerForm)}`,
          ]),
    ]
  })
  if (faults.length === 0) return
  const errors = faults.length === 1 ? '1 validation error' : `${faults.length} validation errors`
  throw validationError(`${errors} detected: ${faults.join('; ')}`)
}

function must(what: string, value: string): string {
  return `failed to satisfy constraint: Member must satisfy ${what}: ${value}`
}

/**
 * A policy is known by its ARN without its path: an identifier with a path excludes only what has none (behaviour SIM-46).
 */
function byArn(pattern: string): (source: PolicySource) => boolean {
  const parts = parseArn(pattern)
  const wild = /[*?]/
  const namesPolicy = parts?.service === 'iam' && parts.resource.startsWith('policy/')
  if (!namesPolicy || wild.test(`${parts.partition}${parts.account}`)) {
    throw invalidInput(`Invalid policy ARN: ${pattern}`)
  }
  const fits = wildcard(pattern)
  return ({ source: { arn } }) => arn !== undefined && fits(withoutPath(arn))
}

function withoutPath(arn: string): string {
  return arn.replace(/:policy\/.*\//, ':policy/')
}

function byName(
  inline: Iam.InlinePolicyIdentifierType,
  identities: readonly PolicyEntity[],
): (source: PolicySource) => boolean {
  if (!nameForm.test(inline.PolicyName)) {
    throw invalidInput(
      'Invalid inline policy exclusion: policyName, attachmentType, and attachmentName are required',
    )
  }
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
