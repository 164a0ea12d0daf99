import { type Policy, parsePolicy, wildcardMatcher } from '@omen-iam/policy'
import { type ManagedPolicy, nameOfArn, type Organization } from './world.ts'

/** The texts of AWS managed policies that no dump has. */
export interface AwsTexts {
  /** The text of one. */
  readonly awsPolicy?: ((arn: string) => string | undefined) | undefined
  /** The ARNs of those that may be attached. */
  readonly awsPolicies?: ((partition: string) => readonly string[]) | undefined
}

/** More policies than this are too many for one pattern: of them, the widest count. */
const mostOfPattern = 64

/** Policies that make an administrator by themselves, and those that pass every role to a service that runs code. */
const widest = [
  'AdministratorAccess-Amplify',
  'AWSManagedAccountManagementAccess',
  'WellArchitectedConsoleFullAccess',
  'AWSLambda_FullAccess',
  'AmazonECS_FullAccess',
  'AmazonSageMakerFullAccess',
]

/**
 * The managed policies of AWS that conditions let count. A condition of an Allow that names some lets these count. If a
 * Deny or a negated operator says which may not be attached, or a pattern fits many, the widest ones count. So do the boundaries
 * that a Deny asks for, and the widest one if any boundary will do.
 */
export function awsPoliciesCounting(
  policies: Iterable<Policy>,
  partition: string,
  { awsPolicies }: AwsTexts,
): ReadonlySet<string> {
  const found = new Set<string>()
  const start = `arn:${partition}:iam::aws:policy/`
  const add = (value: string): void => {
    if (!/[*?$]/.test(value)) {
      if (value.startsWith(start)) found.add(value)
      return
    }
    const fits = wildcardMatcher(value.replace(/\$\{[^}]*\}/g, '*'))
    const some = awsPolicies?.(partition).filter((arn) => fits(arn)) ?? []
    for (const arn of some.length > mostOfPattern ? widest.map((name) => start + name) : some) found.add(arn)
  }
  for (const { statements } of policies)
    for (const { effect, condition } of statements)
      for (const { key, operator, values } of condition) {
        const isPolicy = /^iam:PolicyARN$/i.test(key)
        if (!isPolicy && !/^iam:PermissionsBoundary$/i.test(key)) continue
        if (/null/i.test(operator)) {
          if (!isPolicy) found.add(`${start}AdministratorAccess`)
          continue
        }
        const isWanted = effect === 'Allow' ? !/not/i.test(operator) : !isPolicy && /not/i.test(operator)
        if (isWanted) for (const { value } of values) add(value)
        else if (isPolicy) for (const name of widest) found.add(start + name)
      }
  return found
}

/** The SCPs of an organization. */
export function scpsOf({ scps = [] }: Pick<Organization, 'scps'>): readonly Policy[] {
  return scps.flat().map(({ policy }) => policy)
}

/** A managed policy of AWS; undefined if its text cannot be read. */
export function readAwsPolicy(arn: string, text: string): ManagedPolicy | undefined {
  const parsed = parsePolicy(text, 'identity', { lenient: true })
  if (!parsed.ok) return undefined
  const source = { type: 'aws-managed' as const, arn, name: nameOfArn(arn) }
  const document = { policy: parsed.policy, source, key: arn }
  return { arn, isCustomerManaged: false, defaultVersion: 'v1', versions: new Map([['v1', document]]) }
}
