import type { ManagementPolicyType } from '../../../directory/index.ts'
import type { Setting } from './document.ts'

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
  /** Returns whether the content of the key follows the type's syntax. */
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
    accepts: acceptsRegions,
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
  const { key, accepts } = managementTypes[type]
  const [first, ...more] = document.children
  if (first === undefined || more.length > 0 || document.values.size > 0) return false
  const [name, setting] = first
  if (key !== undefined && name !== key) return false
  return setting.values.size === 0 && (accepts?.(setting) ?? true)
}

/** The lists under a tag, and their permitted values. */
const tagLists: ReadonlyMap<string, (text: string) => boolean> = new Map([
  ['tag_value', hasOneWildcard],
  ['enforced_for', isResourceType],
  ['report_required_tag_for', isResourceType],
])

/** `tags` has a key for each tag; its tag_key may differ from the key only in case. */
function acceptsTags({ children }: Setting): boolean {
  for (const [name, tag] of children) {
    if (tag.values.size > 0) return false
    for (const [element, setting] of tag.children) {
      if (setting.children.size > 0) return false
      const fits = element === 'tag_key' ? isTagKey(setting, name) : isTagList(setting, tagLists.get(element))
      if (!fits) return false
    }
  }
  return true
}

function isTagKey({ values }: Setting, name: string): boolean {
  for (const [operator, value] of values) {
    if (operator !== '@@assign' || typeof value !== 'string' || value.toLowerCase() !== name) return false
  }
  return true
}

function isTagList({ values }: Setting, fits: ((text: string) => boolean) | undefined): boolean {
  if (fits === undefined) return false
  for (const value of values.values()) {
    if (!Array.isArray(value) || !value.every((each) => typeof each === 'string' && fits(each))) return false
  }
  return true
}

/** One at most. */
function hasOneWildcard(text: string): boolean {
  return text.split('*').length <= 2
}

/** `ec2:instance`, or `ec2:*`; no pattern for all services. */
function isResourceType(text: string): boolean {
  const [service = '', type = '', ...more] = text.split(':')
  return (
    service !== '' &&
    !service.includes('*') &&
    (type === '*' || (type !== '' && !type.includes('*'))) &&
    more.length === 0
  )
}

/** Both lists of regions are present, empty or not. */
function acceptsRegions({ children }: Setting): boolean {
  return children.has('enable_in_regions') && children.has('disable_in_regions')
}

/** `services` has a key for each AI service, which contains opt_out_policy and nothing else. */
function acceptsOptOuts({ children }: Setting): boolean {
  for (const service of children.values()) {
    if (service.values.size > 0) return false
    for (const [element, { values, children: deeper }] of service.children) {
      if (element !== 'opt_out_policy' || deeper.size > 0) return false
      for (const [operator, value] of values) {
        if (operator !== '@@assign' || (value !== 'optOut' && value !== 'optIn')) return false
      }
    }
  }
  return true
}
