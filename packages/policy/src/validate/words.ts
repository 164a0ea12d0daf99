import type { Finding } from '../document/finding.ts'
import type { PolicyKind } from '../document/policy.ts'

/** Access Analyzer's name and words for what AWS refuses to store, where reading a document has others. */
export function inAnalyzersWords(finding: Finding, kind: PolicyKind, text: string): Finding {
  const { start, end } = finding.span
  const written = text.slice(start.offset, end.offset).replace(/^"|"$/g, '')
  const told = special(finding, kind, written) ?? { message: WORDS[finding.code] ?? finding.message }
  return { ...finding, ...told }
}

const WORDS: Readonly<Record<string, string | undefined>> = {
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

type Told = Pick<Finding, 'code' | 'message'>

const NO_PRINCIPALS: Partial<Readonly<Record<PolicyKind, Told>>> = {
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

const RCP_PRINCIPAL: Told = {
  code: 'RCP_SYNTAX_ERROR_PRINCIPAL',
  message:
    'The Principal element contents are not valid. RCPs only support specifying all principals ("*") in the Principal element. The NotPrincipal element is not supported for RCPs.',
}

function special({ code, path, message }: Finding, kind: PolicyKind, written: string): Told | undefined {
  const at = path.at(-1)
  const principal = path.includes('Principal') || path.includes('NotPrincipal')
  switch (code) {
    case 'UNSUPPORTED_ELEMENT':
      if (at === 'Resource' || at === 'NotResource')
        return {
          code: 'ROLE_TRUST_POLICY_SYNTAX_ERROR_RESOURCE',
          message:
            'Role trust policies apply to the role that they are attached to. You cannot specify a resource. Remove the Resource or NotResource element.',
        }
      if (!principal) return undefined
      if (kind === 'rcp') return RCP_PRINCIPAL
      return (
        NO_PRINCIPALS[kind] ?? {
          code: 'UNSUPPORTED_PRINCIPAL',
          message: `The policy type ${kind} does not support the Principal element. Remove the Principal element.`,
        }
      )
    case 'INVALID_PRINCIPAL_FORMAT':
      if (kind === 'rcp') return RCP_PRINCIPAL
      if (message.startsWith('Unknown kind'))
        return { code: 'INVALID_PRINCIPAL_KEY', message: `The principal key ${written} is not valid.` }
      if (message.startsWith('Principal is'))
        return {
          code,
          message:
            'The Principal element contents are not valid. Specify a key-value pair in the Principal element.',
        }
      return /[*?]/.test(written)
        ? {
            code: 'UNSUPPORTED_WILDCARD_IN_PRINCIPAL',
            message: `Wildcards (*, ?) are not supported with the principal key ${at}. Replace the wildcard with a valid principal value.`,
          }
        : undefined
    case 'INVALID_EFFECT':
      return { code, message: `The effect ${written} is not valid. Use Allow or Deny.` }
    case 'INVALID_VERSION':
      return {
        code,
        message: `The version ${written} is not valid. Use one of the following versions: 2012-10-17, 2008-10-17`,
      }
    case 'INVALID_POLICY_ELEMENT':
      return { code, message: `The policy element ${written} is not valid.` }
    case 'UNSUPPORTED_ELEMENT_COMBINATION': {
      const [element] = message.split(' ')
      return {
        code,
        message: `The policy elements ${element} and Not${element} can not be used in the same statement. Remove one of these elements.`,
      }
    }
    case 'UNSUPPORTED_ACTION_IN_POLICY':
      return {
        code,
        message: `The action ${written} is not supported for the resource-based policy attached to the resource type AWS::IAM::AssumeRolePolicyDocument.`,
      }
    case 'DATA_TYPE_MISMATCH':
      return {
        code,
        message: `The text does not match the expected JSON data type ${message.includes('object') ? 'Object' : 'String'}.`,
      }
    case 'INVALID_CONDITION_OPERATOR':
      return typeof at === 'string' && at.endsWith('NullIfExists')
        ? {
            code: 'NULL_WITH_IF_EXISTS',
            message:
              'The Null condition operator cannot be used with the IfExists suffix. Update the operator or the suffix.',
          }
        : { code, message: `The condition operator ${at} is not valid. Use a valid condition operator.` }
    case 'INVALID_ACTION':
      return path.includes('Condition')
        ? {
            code: 'INVALID_CONDITION_KEY_FORMAT',
            message: `The condition key format ${at} is not valid. Use the format service:keyname.`,
          }
        : { code, message: `The action ${written} does not exist.` }
    case 'INVALID_ARN_PREFIX':
      return message.endsWith('is no ARN')
        ? { code, message: 'Add the required prefix (arn) to the resource ARN.' }
        : undefined
    // IAM's parser fails alike where an ARN is not whole, a date is none, or the version comes too late
    case 'MISSING_ARN_FIELD':
      if (path.includes('Condition'))
        return {
          code: 'TYPE_MISMATCH_DATE',
          message:
            'The date condition operator is used with an invalid value. Specify a valid date using YYYY-MM-DD or other ISO 8601 date/time format.',
        }
      if (at === 'Version') return { code: 'LEGACY_PARSING', message }
      if (message.endsWith('is no account'))
        return {
          code: 'INVALID_ARN_ACCOUNT',
          message: `The resource ARN account ID ${written.split(':')[4]} is not valid. Provide a 12-digit account ID.`,
        }
      return {
        code,
        message:
          'Resource ARNs must include at least 6 fields in the following structure: arn:partition:service:region:account:resource',
      }
    default:
      return undefined
  }
}
