import type { Asked, KeyDomain } from '@omen-iam/policy'
import type { TechniqueTagging } from '../../authorization/catalogue/index.ts'
import type { CallerKeys } from './person.ts'

/** What calls bring besides what they must, because conditions ask for it. */
export interface Brought {
  /** The keys of the tags that what is made or changed gets in the same call; absent: none. */
  readonly tags?: readonly string[]
  /** Whether the calls that tag are asked for. */
  readonly isTagAsked?: boolean
  /** Whether a function is made with a code signing configuration. */
  readonly isSigned?: boolean
}

const requestTags = 'aws:RequestTag/*'
const tagKeys = 'aws:TagKeys'
const codeSigning = 'lambda:CodeSigningConfigArn'
const present: KeyDomain = { mayBeAbsent: false }

/** The condition keys of a call that brings this, or nothing. */
export function broughtKeys(
  action: string,
  tagging: TechniqueTagging | undefined,
  brought: Brought | undefined,
  keys: CallerKeys,
): CallerKeys {
  const chosen: Record<string, KeyDomain> = { ...keys.chosen }
  const context = { ...keys.context }
  if (action === 'lambda:CreateFunction') {
    delete chosen[codeSigning]
    if (brought?.isSigned === true) chosen[codeSigning] = present
  }
  if (tagging !== undefined) {
    const mayHave = chosen[requestTags] !== undefined
    delete chosen[requestTags]
    delete chosen[tagKeys]
    if (mayHave && brought?.tags !== undefined) {
      context[tagKeys] = brought.tags
      for (const key of brought.tags) chosen[`aws:RequestTag/${key}`] = present
    }
  }
  return { ...keys, context, chosen }
}

/**
 * The request for the action that tags what a call makes or changes, in the same call: its tags are the same.
 * Undefined if the call brings no tags, or if the service asks for no further action. [GRD-36, IAM-52]
 */
export function taggingOf(
  asked: Asked,
  tagging: TechniqueTagging | undefined,
  brought: Brought | undefined,
): Asked | undefined {
  const { request } = asked
  const { action, created } = tagging ?? {}
  if (action === undefined || brought?.isTagAsked !== true || !bringsTags(asked)) return undefined
  const global = <Value>(keys: Readonly<Record<string, Value>> = {}): Record<string, Value> =>
    Object.fromEntries(Object.entries(keys).filter(([key]) => key.startsWith('aws:')))
  const name = request.action.slice(request.action.indexOf(':') + 1)
  return {
    ...asked,
    request: {
      ...request,
      action,
      context: { ...global(request.context), ...(created === undefined ? {} : { [created]: name }) },
      chosen: global(request.chosen),
    },
  }
}

/** Whether a request brings tags. */
export function bringsTags({ request }: Asked): boolean {
  return (
    request.context[tagKeys] !== undefined &&
    Object.keys(request.chosen ?? {}).some((key) => /^aws:RequestTag\/./.test(key))
  )
}
