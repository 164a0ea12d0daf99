import type { ManagementPolicyType } from '../../../directory/index.ts'
import type { Setting } from './document.ts'

/** What is particular to one type of management policies. */
export interface ManagementType {
  /** The key that every document of the type begins with; undefined where AWS's documentation shows none. */
  readonly key: string | undefined
  /** Characters of one document, white space counted. */
  readonly size: number
  /** Policies of the type at one root, unit or account. */
  readonly attachments: number
  /** The service whose trusted access must be enabled before the type is. */
  readonly service?: string
  /** Whether what stands under the key is what the type's syntax allows. */
  readonly accepts?: (setting: Setting) => boolean
}

/** Every type of management policies (behaviour ORG-90); quotas are AWS's defaults (ORG-70). */
export const managementTypes: Readonly<Record<ManagementPolicyType, ManagementType>> = {
  TAG_POLICY: { key: 'tags', size: 10_000, attachments: 10, accepts: acceptsTags },
  BACKUP_POLICY: { key: 'plans', size: 10_000, attachments: 10 },
  AISERVICES_OPT_OUT_POLICY: { key: 'services', size: 2_500, attachments: 5, accepts: acceptsOptOuts },
  CHATBOT_POLICY: { key: 'chatbot', size: 10_000, attachments: 5 },
  DECLARATIVE_POLICY_EC2: { key: 'ec2_attributes', size: 10_000, attachments: 10 },
  SECURITYHUB_POLICY: {
    key: 'securityhub',
    size: 10_000,
    attachments: 10,
    service: 'securityhub.amazonaws.com',
  },
  SECURITYHUB_CSPM_POLICY: { key: undefined, size: 10_000, attachments: 10 },
  INSPECTOR_POLICY: { key: 'inspector', size: 10_000, attachments: 10 },
  UPGRADE_ROLLOUT_POLICY: { key: 'upgrade_rollout', size: 10_000, attachments: 10 },
  BEDROCK_POLICY: { key: 'bedrock', size: 10_000, attachments: 10 },
  S3_POLICY: { key: 's3_attributes', size: 10_000, attachments: 10 },
  NETWORK_SECURITY_DIRECTOR_POLICY: { key: 'network_security_director', size: 10_000, attachments: 10 },
  GUARDDUTY_POLICY: { key: undefined, size: 10_000, attachments: 10 },
}

/** Whether a policy type is a management policy's. */
export function isManagementType(type: string): type is ManagementPolicyType {
  return Object.hasOwn(managementTypes, type)
}

/** Whether a document begins with its type's key, and goes on as the type's syntax has it. */
export function fitsType(document: Setting, type: ManagementPolicyType): boolean {
  const { key, accepts } = managementTypes[type]
  const [first, ...more] = document.children
  if (first === undefined || more.length > 0 || document.values.size > 0) return false
  const [name, setting] = first
  if (key !== undefined && name !== key) return false
  return setting.values.size === 0 && (accepts?.(setting) ?? true)
}

const tagElements: ReadonlySet<string> = new Set([
  'tag_key',
  'tag_value',
  'enforced_for',
  'report_required_tag_for',
])

/** Under `tags` a key for each tag; its tag_key may differ from the key in case only. */
function acceptsTags({ children }: Setting): boolean {
  for (const [name, tag] of children) {
    for (const [element, setting] of tag.children) {
      if (!tagElements.has(element) || setting.children.size > 0) return false
      const assigned = setting.values.get('@@assign')
      if (element !== 'tag_key') {
        if (assigned !== undefined && !Array.isArray(assigned)) return false
      } else {
        if (setting.values.size > (assigned === undefined ? 0 : 1)) return false
        if (assigned !== undefined && (typeof assigned !== 'string' || assigned.toLowerCase() !== name))
          return false
      }
    }
  }
  return true
}

/** Under `services` a key for each AI service, which holds opt_out_policy and nothing else. */
function acceptsOptOuts({ children }: Setting): boolean {
  for (const service of children.values()) {
    for (const [element, { values, children: deeper }] of service.children) {
      if (element !== 'opt_out_policy' || deeper.size > 0) return false
      for (const [operator, value] of values) {
        if (operator !== '@@assign' || (value !== 'optOut' && value !== 'optIn')) return false
      }
    }
  }
  return true
}
