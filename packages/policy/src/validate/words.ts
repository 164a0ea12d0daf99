import { parseOperator } from '../condition/operators.ts'
import type { Finding, FindingDetail } from '../document/finding.ts'
import type { PolicyKind } from '../document/policy.ts'
import { splitFields } from '../match/resource.ts'

/** Gives a finding of AWS's parser the name and the words that Access Analyzer has for it. */
export function inAnalyzersWords(finding: Finding, kind: PolicyKind, text: string): Finding {
  const { start, end } = finding.span
  const written = text.slice(start.offset, end.offset).replace(/^"|"$/g, '')
  const words = wordsOfDetail(finding, kind, written) ?? wordsOfCode(finding.code, written)
  return { ...finding, ...words }
}

/** Findings whose words depend on nothing else. */
const wordsOf: Readonly<Record<string, string | undefined>> = {
  MISSING_STATEMENT: 'Add a statement to the policy',
  MISSING_EFFECT: 'Add an Effect element to the policy statement with a value of Allow or Deny.',
  MISSING_PRINCIPAL: 'Add a Principal element to the policy statement.',
  MISSING_ACTION: 'Add an Action or NotAction element to the policy statement.',
  MISSING_RESOURCE: 'Add a Resource or NotResource element to the policy statement.',
  UNIQUE_SIDS_REQUIRED:
    'Duplicate statement IDs are not supported for this policy type. Update the Sid value.',
  UNSUPPORTED_SID:
    'Update the characters in the Sid element to use one of the following character types: [a-z, A-Z, 0-9]',
}

type Words = Pick<Finding, 'code' | 'message'>

const noPrincipals: Partial<Readonly<Record<PolicyKind, Words>>> = {
  scp: {
    code: 'SCP_SYNTAX_ERROR_PRINCIPAL',
    message: 'SCPs do not support specifying principals. Remove the Principal or NotPrincipal element.',
  },
  trust: {
    code: 'ROLE_TRUST_POLICY_SYNTAX_ERROR_NOTPRINCIPAL',
    message:
      'Role trust policies do not support NotPrincipal. Update the policy to use a Principal element instead.',
  },
}

const rcpPrincipal: Words = {
  code: 'RCP_SYNTAX_ERROR_PRINCIPAL',
  message:
    'The Principal element contents are not valid. RCPs only support specifying all principals ("*") in the Principal element. The NotPrincipal element is not supported for RCPs.',
}

function wordsOfDetail(
  { code, detail, path, message }: Finding,
  kind: PolicyKind,
  written: string,
): Words | undefined {
  switch (detail?.type) {
    case 'element':
      return code === 'UNSUPPORTED_ELEMENT'
        ? forbiddenElement(detail.element, kind)
        : {
            code,
            message: `The policy elements ${detail.element} and Not${detail.element} can not be used in the same statement. Remove one of these elements.`,
          }
    case 'principal':
      return kind === 'rcp' ? rcpPrincipal : principalFault(detail.fault, String(path.at(-1)), written)
    case 'json':
      return { code, message: `The text does not match the expected JSON data type ${detail.expected}.` }
    case 'operator': {
      const { base, ifExists } = parseOperator(detail.operator)
      return base === 'Null' && ifExists
        ? {
            code: 'NULL_WITH_IF_EXISTS',
            message:
              'The Null condition operator cannot be used with the IfExists suffix. Update the operator or the suffix.',
          }
        : {
            code,
            message: `The condition operator ${detail.operator} is not valid. Use a valid condition operator.`,
          }
    }
    case 'conditionKey':
      return {
        code: 'INVALID_CONDITION_KEY_FORMAT',
        message: `The condition key format ${detail.key} is not valid. Use the format service:keyname.`,
      }
    case 'action':
      return code === 'INVALID_ACTION'
        ? { code, message: `The action ${written} does not exist.` }
        : undefined
    case 'lateVersion':
      return { code: 'LEGACY_PARSING', message }
    case 'arn':
      return arnFaults[detail.fault](written)
    default:
      return undefined
  }
}

function forbiddenElement(element: string, kind: PolicyKind): Words {
  if (element === 'Resource' || element === 'NotResource')
    return {
      code: 'ROLE_TRUST_POLICY_SYNTAX_ERROR_RESOURCE',
      message:
        'Role trust policies apply to the role that they are attached to. You cannot specify a resource. Remove the Resource or NotResource element.',
    }
  if (kind === 'rcp') return rcpPrincipal
  return (
    noPrincipals[kind] ?? {
      code: 'UNSUPPORTED_PRINCIPAL',
      message: `The policy type ${kind} does not support the Principal element. Remove the Principal element.`,
    }
  )
}

function principalFault(
  fault: Extract<FindingDetail, { readonly type: 'principal' }>['fault'],
  key: string,
  written: string,
): Words | undefined {
  if (fault === 'key')
    return { code: 'INVALID_PRINCIPAL_KEY', message: `The principal key ${written} is not valid.` }
  if (fault === 'form')
    return {
      code: 'INVALID_PRINCIPAL_FORMAT',
      message:
        'The Principal element contents are not valid. Specify a key-value pair in the Principal element.',
    }
  return /[*?]/.test(written)
    ? {
        code: 'UNSUPPORTED_WILDCARD_IN_PRINCIPAL',
        message: `Wildcards (*, ?) are not supported with the principal key ${key}. Replace the wildcard with a valid principal value.`,
      }
    : undefined
}

type ArnFault = Extract<FindingDetail, { readonly type: 'arn' }>['fault']

const arnFaults: Readonly<Record<ArnFault, (written: string) => Words>> = {
  prefix: () => ({
    code: 'INVALID_ARN_PREFIX',
    message: 'Add the required prefix (arn) to the resource ARN.',
  }),
  fields: () => ({
    code: 'MISSING_ARN_FIELD',
    message:
      'Resource ARNs must include at least 6 fields in the following structure: arn:partition:service:region:account:resource',
  }),
  region: (written) => ({
    code: 'INVALID_ARN_REGION',
    message: `The Region ${splitFields(written)[3]} is not valid for this resource. Update the resource ARN to include a supported Region.`,
  }),
  account: (written) => ({
    code: 'INVALID_ARN_ACCOUNT',
    message: `The resource ARN account ID ${splitFields(written)[4]} is not valid. Provide a 12-digit account ID.`,
  }),
}

function wordsOfCode(code: string, written: string): Words | undefined {
  switch (code) {
    case 'INVALID_EFFECT':
      return { code, message: `The effect ${written} is not valid. Use Allow or Deny.` }
    case 'INVALID_VERSION':
      return {
        code,
        message: `The version ${written} is not valid. Use one of the following versions: 2012-10-17, 2008-10-17`,
      }
    case 'INVALID_POLICY_ELEMENT':
      return { code, message: `The policy element ${written} is not valid.` }
    case 'UNSUPPORTED_ACTION_IN_POLICY':
      return {
        code,
        message: `The action ${written} is not supported for the resource-based policy attached to the resource type AWS::IAM::AssumeRolePolicyDocument.`,
      }
    default: {
      const message = wordsOf[code]
      return message === undefined ? undefined : { code, message }
    }
  }
}
