import { kinds } from '../document/kinds.ts'
import type { PolicyKind } from '../document/policy.ts'

/** The reasons for which AWS refuses to store a document. */
export type RefusalCode =
  | 'INVALID_JSON'
  | 'DUPLICATE_KEY'
  | 'DATA_TYPE_MISMATCH'
  | 'UNKNOWN_ELEMENT'
  | 'INVALID_VERSION'
  | 'MISSING_STATEMENT'
  | 'EMPTY_STATEMENT'
  | 'INVALID_EFFECT'
  | 'EFFECT_CASE'
  | 'MISSING_EFFECT'
  | 'CONFLICTING_ELEMENTS'
  | 'INVALID_OPERATOR'
  | 'PROHIBITED_ELEMENT'
  | 'MISSING_PRINCIPAL'
  | 'INVALID_PRINCIPAL'
  | 'MISSING_ACTION'
  | 'MISSING_RESOURCE'
  | 'MISSING_VENDOR'
  | 'INVALID_VENDOR'
  | 'VENDOR_WILDCARD'
  | 'INVALID_BINARY'
  | 'CONDITION_VALUE'
  | 'COGNITO_CONDITION'
  | 'ARN_ACCOUNT'
  | 'TOO_MANY_COLONS'
  | 'INVALID_STS_ACTION'
  | 'INVALID_ARN'
  | 'INVALID_PARTITION'
  | 'RESOURCE_VENDOR'
  | 'LEGACY_PARSING'
  | 'IAM_REGION'
  | 'IAM_PATH'
  | 'S3_REGION'
  | 'INVALID_SID'
  | 'DUPLICATE_SID'

export interface Refusal {
  readonly code: RefusalCode
  /** The text that AWS's message repeats: an element's name, a vendor, a resource. Empty if it repeats nothing. */
  readonly mention: string
  readonly offset: number
}

/** AWS reports one reason: syntax first, then missing elements, then values (behaviour POL-140). */
const rank: Readonly<Record<RefusalCode, number>> = {
  INVALID_JSON: 0,
  DUPLICATE_KEY: 1,
  DATA_TYPE_MISMATCH: 1,
  UNKNOWN_ELEMENT: 1,
  INVALID_VERSION: 1,
  MISSING_STATEMENT: 1,
  EMPTY_STATEMENT: 1,
  INVALID_EFFECT: 1,
  MISSING_EFFECT: 1,
  CONFLICTING_ELEMENTS: 1,
  INVALID_OPERATOR: 1,
  PROHIBITED_ELEMENT: 2,
  MISSING_PRINCIPAL: 2,
  MISSING_ACTION: 3,
  MISSING_RESOURCE: 4,
  MISSING_VENDOR: 5,
  INVALID_VENDOR: 5,
  VENDOR_WILDCARD: 5,
  INVALID_BINARY: 1,
  CONDITION_VALUE: 7,
  EFFECT_CASE: 7,
  COGNITO_CONDITION: 7,
  ARN_ACCOUNT: 8,
  TOO_MANY_COLONS: 5,
  INVALID_STS_ACTION: 5,
  INVALID_PRINCIPAL: 6,
  INVALID_ARN: 6,
  INVALID_PARTITION: 6,
  RESOURCE_VENDOR: 6,
  LEGACY_PARSING: 7,
  IAM_REGION: 8,
  IAM_PATH: 8,
  S3_REGION: 8,
  INVALID_SID: 9,
  DUPLICATE_SID: 9,
}

/** The text of MalformedPolicyDocument for the reason that AWS would report. */
export function refusalText(kind: PolicyKind, refusals: readonly Refusal[]): string {
  const [first] = refusals.toSorted((a, b) => rank[a.code] - rank[b.code] || a.offset - b.offset)
  if (first === undefined) return syntax
  const text = texts[kinds[kind].texts]
  return (text[first.code] ?? text.other)(first.mention)
}

/** The allowed starts of the resource part of an IAM ARN, in the order of AWS's message (behaviour POL-148). */
export const iamPaths = [
  'user/',
  'federated-user/',
  'role/',
  'group/',
  'instance-profile/',
  'mfa/',
  'server-certificate/',
  'policy/',
  'sms-mfa/',
  'saml-provider/',
  'oidc-provider/',
  'report/',
  'access-report/',
] as const

const syntax = 'Syntax errors in policy.'
const legacyParsing = 'The policy failed legacy parsing'

type Text = (mention: string) => string
type Texts = Partial<Readonly<Record<RefusalCode, Text>>> & { readonly other: Text }

const sidTexts: Partial<Record<RefusalCode, Text>> = {
  DUPLICATE_SID: () => 'Statement IDs (SID) in a single policy must be unique.',
  INVALID_SID: () =>
    'Statement IDs (SID) must be alpha-numeric. Check that your input satisfies the regular expression [0-9A-Za-z]*',
}

const valueTexts: Partial<Record<RefusalCode, Text>> = {
  MISSING_VENDOR: () => 'Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc.',
  INVALID_VENDOR: (vendor) => `Vendor ${vendor} is not valid`,
  TOO_MANY_COLONS: () => 'Actions/Condition can contain only one colon.',
  INVALID_ARN: (resource) => `Resource ${resource} must be in ARN format or "*".`,
  INVALID_PARTITION: (text) => text,
  RESOURCE_VENDOR: () => 'Resource vendor must be fully qualified and cannot contain regexes.',
  VENDOR_WILDCARD: () => 'Action vendors (e.g., aws, ec2, etc.) must not contain wildcards.',
  LEGACY_PARSING: () => legacyParsing,
  CONDITION_VALUE: () => legacyParsing,
  ARN_ACCOUNT: (resource) => `Resource ${resource} cannot contain an account id.`,
  IAM_REGION: (resource) => `IAM resource ${resource} cannot contain region information.`,
  IAM_PATH: () => `IAM resource path must either be "*" or start with ${iamPaths.join(', ')}.`,
  S3_REGION: (resource) => `Resource ${resource} can not contain region information.`,
  ...sidTexts,
}

/** Messages of the parser for policies with principals, which IAM shares with other services (behaviours POL-142 and POL-143). */
const principalPolicyTexts: Partial<Record<RefusalCode, Text>> = {
  ...valueTexts,
  INVALID_JSON: () => 'This policy contains invalid Json',
  TOO_MANY_COLONS: () => 'Condition can contain only one colon.',
  UNKNOWN_ELEMENT: (element) => `Unknown field ${element}`,
  INVALID_VERSION: () => 'The policy must contain a valid version string',
  MISSING_STATEMENT: () => 'Missing required field Statement',
  EMPTY_STATEMENT: () => 'Could not parse the policy: Statement is empty!',
  INVALID_EFFECT: (effect) => `Invalid effect: ${effect}`,
  EFFECT_CASE: (effect) => `Invalid effect: ${effect}`,
  MISSING_EFFECT: () => 'Missing required field Effect',
  INVALID_OPERATOR: (operator) => `Invalid Condition type : ${operator}`,
  PROHIBITED_ELEMENT: (element) => `Has prohibited field ${element}`,
  MISSING_PRINCIPAL: () => 'Missing required field Principal',
  MISSING_ACTION: () => 'Missing required field Action',
}

const texts: Readonly<Record<(typeof kinds)[PolicyKind]['texts'], Texts>> = {
  iam: {
    ...valueTexts,
    PROHIBITED_ELEMENT: () => 'Policy document should not specify a principal.',
    EFFECT_CASE: () => legacyParsing,
    MISSING_ACTION: () => 'Policy statement must contain actions.',
    MISSING_RESOURCE: () => 'Policy statement must contain resources.',
    other: () => syntax,
  },
  trust: {
    ...principalPolicyTexts,
    INVALID_PRINCIPAL: (entry) => `Invalid principal in policy: ${entry}`,
    COGNITO_CONDITION: () => 'A condition block must be present for the Cognito provider',
    INVALID_STS_ACTION: () => 'AssumeRole policy may only specify STS AssumeRole actions.',
    other: () => syntax,
  },
  service: {
    ...principalPolicyTexts,
    INVALID_PRINCIPAL: () => 'Invalid principal in policy',
    MISSING_RESOURCE: () => 'Missing required field Resource',
    other: () => syntax,
  },
  organizations: {
    other: () => 'The provided policy document does not meet the requirements of the specified policy type.',
  },
}
