import type { AccessRequest, Call, ContextKeys } from '../../authorization/index.ts'
import { type Fault, iamArn } from '../../base/index.ts'
import type { Named, Quotas, TableDefinition, Tag } from '../../directory/index.ts'

/**
 * How an operation's input names the record that it is about. It has what all operations on a kind of entity share:
 * finding the record, its ARN, its tags as condition keys, and AWS's fault for its absence.
 */
export interface Target<R, I> {
  readonly table: TableDefinition<R>
  /** The record's kind and name, as refusals and conflicts show it: `role`. */
  readonly word: string
  find(input: I, call: Call): R | undefined
  /** AWS's fault if there is no such record. */
  missing(input: I, call: Call): Fault
  /** The record's ARN, or the ARN that a record of that name would have. */
  arn(input: I, call: Call, record: R | undefined): string
  /**
   * The record's name in a refusal: as in the input, because a caller without permission must not learn its path
   * (behaviour IAM-51).
   */
  readonly spoken: (input: I) => string
  readonly tagsOf?: (record: R) => readonly Tag[]
  /** Condition keys for the record's tags. */
  readonly tagKeys: readonly string[]
  /** If it has tags: the action that sets them, and their quota. */
  readonly tagging?: Tagging
}

/** How a kind of record is tagged. */
export interface Tagging {
  readonly action: string
  readonly quota: keyof Quotas
  /** Users and roles: keys that differ in case are one key (behaviours IAM-TAG-1 and IAM-TAG-7). */
  readonly ignoresCase?: true
}

/** Returns the record. @throws AWS's fault */
export function get<R, I>(target: Target<R, I>, input: I, call: Call): R {
  const record = target.find(input, call)
  if (record === undefined) throw target.missing(input, call)
  return record
}

/**
 * Returns the question of an operation on one record: its own action on the record's ARN, with the record's tags in
 * the context.
 */
export function asks<R, I>(
  target: Target<R, I>,
  keys?: (input: I, record: R | undefined, call: Call) => ContextKeys,
): { requests(input: I, call: Call): readonly AccessRequest[] } {
  return {
    requests(input, call) {
      const record = target.find(input, call)
      const context = { ...resourceTags(target, record), ...keys?.(input, record, call) }
      return [access(target, input, call, record, context)]
    },
  }
}

/**
 * Returns the questions of creating a record: the action on its future ARN and, with tags, the tagging action too
 * (behaviour IAM-52). A refusal names that ARN, unless `spoken` names the record (behaviour IAM-51).
 */
export function creates<R, I extends { readonly Tags?: readonly Tag[] | undefined }>(
  target: Target<R, never>,
  arn: (input: I, call: Call) => string,
  keys?: (input: I, call: Call) => ContextKeys,
  spoken?: (input: I) => string,
): { requests(input: I, call: Call): readonly AccessRequest[] } {
  return {
    requests(input, call) {
      const context = {
        ...requestTags(input.Tags),
        ...tagsToBe(target, input.Tags),
        ...keys?.(input, call),
      }
      const subject = {
        resource: arn(input, call),
        context,
        ...(spoken === undefined ? {} : { resourceInSentence: spoken(input) }),
      }
      const create = { action: actionOf(call), ...subject }
      if (target.tagging === undefined || (input.Tags?.length ?? 0) === 0) return [create]
      return [create, { action: target.tagging.action, ...subject }]
    },
  }
}

/**
 * Returns the question of listing: the action on `*`; a refusal names the listed path, as AWS does (behaviour IAM-53).
 */
export function lists(type: string): {
  requests(input: { readonly PathPrefix?: string | undefined }, call: Call): readonly AccessRequest[]
} {
  return {
    requests(input, call) {
      const path = input.PathPrefix ?? '/'
      const resourceInSentence =
        type === 'policy' ? `policy path ${path}` : iamArn(call.account, type, path, '')
      return [{ action: actionOf(call), resource: '*', resourceInSentence }]
    },
  }
}

/**
 * Returns the questions of renaming or moving a record: both the old and the new ARN must be allowed (behaviours
 * IAM-54 and CRED-53).
 */
export function asksMoved<R extends Named, I extends { readonly NewPath?: string | undefined }>(
  target: Target<R, I>,
  type: string,
  names: (input: I) => { readonly before: string; readonly after: string | undefined },
): { requests(input: I, call: Call): readonly AccessRequest[] } {
  return {
    requests(input, call) {
      const record = target.find(input, call)
      const context = resourceTags(target, record)
      const request = access(target, input, call, record, context)
      const { before, after = record?.name ?? before } = names(input)
      const resource = iamArn(call.account, type, input.NewPath ?? record?.path ?? '/', after)
      return resource === request.resource
        ? [request]
        : [request, { action: request.action, resource, context }]
    },
  }
}

/** Returns the question about one record. */
export function access<R, I>(
  target: Target<R, I>,
  input: I,
  call: Call,
  record: R | undefined,
  context: ContextKeys,
): AccessRequest {
  return {
    action: actionOf(call),
    resource: target.arn(input, call, record),
    context,
    resourceInSentence: target.spoken(input),
  }
}

/** `iam:CreateRole`. */
export function actionOf(call: Call): string {
  return `iam:${call.operation.name}`
}

/** Returns a record's tags as condition keys. */
export function resourceTags<R>(target: Target<R, never>, record: R | undefined): ContextKeys {
  const keys: Record<string, string> = {}
  if (record === undefined) return keys
  for (const tag of target.tagsOf?.(record) ?? []) {
    for (const prefix of target.tagKeys) keys[prefix + tag.Key] = tag.Value
  }
  return keys
}

/** Tags in a creation count as the record's tags (behaviour POL-108). */
function tagsToBe<R>({ tagKeys }: Target<R, never>, tags: readonly Tag[] = []): ContextKeys {
  if (!tagKeys.includes('aws:ResourceTag/')) return {}
  return Object.fromEntries(tags.map(({ Key, Value }) => [`aws:ResourceTag/${Key}`, Value]))
}

/** Returns the tags that a request sets, as condition keys. */
export function requestTags(tags: readonly Tag[] | undefined): ContextKeys {
  if (tags === undefined || tags.length === 0) return {}
  const keys: Record<string, ContextKeys[string]> = { 'aws:TagKeys': tags.map((tag) => tag.Key) }
  for (const tag of tags) keys[`aws:RequestTag/${tag.Key}`] = tag.Value
  return keys
}

/** Returns iam:PermissionsBoundary: the boundary of the entity, or the one that the request sets. */
export function boundaryKey(arn: string | undefined): ContextKeys {
  return arn === undefined ? {} : { 'iam:PermissionsBoundary': arn }
}
