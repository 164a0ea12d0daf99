/** Actions beside the reading ones that the organization's resource policy can delegate (behaviour ORG-54). */
const writing: ReadonlySet<string> = new Set([
  'attachpolicy',
  'createpolicy',
  'deletepolicy',
  'detachpolicy',
  'disablepolicytype',
  'enablepolicytype',
  'tagresource',
  'untagresource',
  'updatepolicy',
])

/** Reading actions about several organizations, which stay with the management account. */
const kept = /^(?:describe|list(?:in|out)bound)responsibilitytransfers?$/

/**
 * Returns whether a resource policy can name an action, given as `organizations:…`. Patterns may match more than is
 * delegated.
 */
export function isDelegable(action: string): boolean {
  const [service, name = ''] = action.toLowerCase().split(':')
  if (service !== 'organizations') return false
  if (/[*?]/.test(name)) return true
  return writing.has(name) || (/^(?:describe|list)/.test(name) && !kept.test(name))
}
