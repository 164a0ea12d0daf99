import type { ManagementPolicyType } from '../../../directory/index.ts'
import type { Setting } from './document.ts'
import { anything, follows, type Syntax } from './syntax.ts'
import { backupSyntax, chatSyntax, optOutSyntax, tagSyntax } from './syntaxes.ts'

/** The properties of a type of management policies. */
export interface ManagementType {
  /** The first key of every document of the type; undefined if AWS's documentation shows none. */
  readonly key: string | undefined
  /** Characters of a document, white space included. */
  readonly size: number
  /** Policies of the type at one root, unit or account. */
  readonly attachments: number
  /** The service whose trusted access must be enabled before the type. */
  readonly service?: string
  /** The syntax of the key's content; by default, anything is taken. */
  readonly syntax?: Syntax
  /** Keys that its content must have. */
  readonly required?: readonly string[]
}

/** Every type of management policies (behaviour ORG-90); quotas are AWS's defaults (ORG-70). */
export const managementTypes: Readonly<Record<ManagementPolicyType, ManagementType>> = {
  TAG_POLICY: { key: 'tags', size: 10_000, attachments: 10, syntax: tagSyntax },
  BACKUP_POLICY: { key: 'plans', size: 10_000, attachments: 10, syntax: backupSyntax },
  AISERVICES_OPT_OUT_POLICY: { key: 'services', size: 2_500, attachments: 5, syntax: optOutSyntax },
  CHATBOT_POLICY: { key: 'chatbot', size: 10_000, attachments: 5, syntax: chatSyntax },
  DECLARATIVE_POLICY_EC2: { key: 'ec2_attributes', size: 10_000, attachments: 10 },
  SECURITYHUB_POLICY: {
    key: 'securityhub',
    size: 10_000,
    attachments: 10,
    service: 'securityhub.amazonaws.com',
    required: ['enable_in_regions', 'disable_in_regions'],
  },
  SECURITYHUB_CSPM_POLICY: { key: undefined, size: 10_000, attachments: 10 },
  INSPECTOR_POLICY: { key: 'inspector', size: 10_000, attachments: 10 },
  UPGRADE_ROLLOUT_POLICY: { key: 'upgrade_rollout', size: 10_000, attachments: 10 },
  BEDROCK_POLICY: { key: 'bedrock', size: 10_000, attachments: 10 },
  S3_POLICY: { key: 's3_attributes', size: 10_000, attachments: 10 },
  NETWORK_SECURITY_DIRECTOR_POLICY: { key: 'network_security_director', size: 10_000, attachments: 10 },
  GUARDDUTY_POLICY: { key: undefined, size: 10_000, attachments: 10 },
}

/** Returns whether a policy type is a management policy's. */
export function isManagementType(type: string): type is ManagementPolicyType {
  return Object.hasOwn(managementTypes, type)
}

/** Returns whether a document begins with its type's key and follows the type's syntax. */
export function fitsType(document: Setting, type: ManagementPolicyType): boolean {
  const { key, syntax = anything, required = [] } = managementTypes[type]
  const [first, ...more] = document.children
  if (first === undefined || more.length > 0) return false
  const [name, setting] = first
  if (key !== undefined && name !== key) return false
  return (
    setting.values.size === 0 &&
    follows(setting, syntax) &&
    required.every((each) => setting.children.has(each))
  )
}
