import { actionsMeant } from '../../authorization/index.ts'
import { perText } from '../../base/index.ts'

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

/**
 * Returns whether a resource policy can name an action, or a pattern of actions: each that it matches can be delegated.
 */
export const isDelegable = perText((action): boolean => {
  const actions = actionsMeant(action)
  return (
    actions.length > 0 && actions.every(({ service, name }) => service === 'organizations' && canLend(name))
  )
})

function canLend(name: string): boolean {
  return /^(?:Describe|List)/.test(name) || writing.has(name.toLowerCase())
}
