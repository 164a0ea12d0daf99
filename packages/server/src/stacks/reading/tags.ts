import { actionInfo, prefixOf, taggersOf } from '../../authorization/catalogue/index.ts'
import type { AccessRequest } from '../../authorization/index.ts'
import { givenTags, type ResolvedResource, type ResolvedTemplates } from '../../sources/index.ts'
import type { Form } from './form.ts'

/** Values by their keys. */
export type Tags = ReadonlyMap<string, string>

/** The tags that a call gives its stack; undefined if it does not say */
export function tagsIn(form: Form): Tags | undefined {
  const tags = new Map<string, string>()
  for (const [name, key] of form) {
    const prefix = /^(Tags\.member\.\d+\.)Key$/.exec(name)?.[1]
    if (prefix === undefined) continue
    tags.set(key, form.get(`${prefix}Value`) ?? '')
  }
  return tags.size > 0 || form.has('Tags') ? tags : undefined
}

/** The tags of a resource, those of its stack among them. */
export function tagsOf(
  { properties }: Pick<ResolvedResource, 'properties'>,
  { text }: Pick<ResolvedTemplates, 'text'>,
): Tags {
  return givenTags(properties, (node) => text(node).value)
}

/** The question of an action that makes a resource, with the tags that its request carries. */
export function withTags(request: AccessRequest, tags: Tags): AccessRequest {
  const keys = tags.size === 0 ? undefined : keysFor(request.action, tags)
  return keys === undefined ? request : { ...request, context: { ...request.context, ...keys } }
}

/**
 * The question about tags that a resource gets, on the resource that it is asked about (behaviour GRD-511). @param making
 * the action that makes the resource with these tags; undefined if it exists
 */
export function taggingRequests(
  type: string,
  resource: string,
  tags: Tags,
  making: string | undefined,
): readonly AccessRequest[] {
  const action = taggersOf(type)?.add
  if (action === undefined || tags.size === 0) return []
  const made = making === undefined ? {} : creation(action, making)
  return [{ action, resource, context: { ...keysFor(action, tags), ...made } }]
}

/** The question about tags that a resource loses. */
export function untaggingRequests(
  type: string,
  resource: string,
  keys: readonly string[],
): readonly AccessRequest[] {
  const action = taggersOf(type)?.remove
  return action === undefined || keys.length === 0
    ? []
    : [{ action, resource, context: { 'aws:TagKeys': keys } }]
}

/** The keys about tags in a request; undefined if the action has none, because the tags are given afterwards. */
function keysFor(action: string, tags: Tags): AccessRequest['context'] {
  if (!hasKey(action, 'aws:requesttag/')) return undefined
  const values = [...tags].map(([key, value]) => [`aws:RequestTag/${key}`, value])
  return { ...Object.fromEntries(values), 'aws:TagKeys': [...tags.keys()] }
}

/** ec2:CreateAction, and those of other services: what makes the resource that is tagged. */
function creation(tagging: string, making: string): AccessRequest['context'] {
  const key = `${prefixOf(tagging)}:CreateAction`
  return hasKey(tagging, key.toLowerCase()) ? { [key]: making.slice(prefixOf(making).length + 1) } : {}
}

/** Whether requests of an action may have a condition key that begins so, in small letters. */
function hasKey(action: string, begin: string): boolean {
  const info = actionInfo(action)
  return [
    info?.conditionKeys ?? [],
    ...(info?.resources ?? []).map(({ conditionKeys }) => conditionKeys),
  ].some((keys) => keys.some((key) => key.toLowerCase().startsWith(begin)))
}
