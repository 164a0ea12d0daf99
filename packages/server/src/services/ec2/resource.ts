import type { AccessRequest, Call, ContextKeys } from '../../authorization/index.ts'
import type { Table } from '../../directory/index.ts'
import { invalidParameter, type Kind, notThere } from './faults.ts'
import { ec2Arn } from './ids.ts'
import { limits } from './limits.ts'
import type { Ec2Record } from './records.ts'
import { createTagsRequest, requestTagKeys, resourceTagKeys, type TagsByKind } from './tag.ts'

/** Returns the record of this id in this region, of any kind. */
export function findHere<R extends Ec2Record>(
  table: Table<R, string>,
  id: string,
  call: Call,
): R | undefined {
  const record = table.find(id)
  return record?.region === call.region ? record : undefined
}

/** @throws Fault …NotFound or …Malformed */
export function getHere<R extends Ec2Record>(table: Table<R, string>, id: string, kind: Kind, call: Call): R {
  const record = findHere(table, id, call)
  if (record === undefined) throw notThere(kind, id)
  return record
}

/** Returns all records of this region, or those of the given ids. @throws Fault if one of them is missing */
export function askedFor<R extends Ec2Record>(
  table: Table<R, string>,
  ids: readonly string[] | undefined,
  kind: Kind,
  call: Call,
): readonly R[] {
  if (ids === undefined || ids.length === 0) return allHere(table, call)
  if (ids.length > limits.idsPerCall)
    throw invalidParameter(`No more than ${limits.idsPerCall} ids may be given in one call.`)
  return [...new Set(ids)].map((id) => getHere(table, id, kind, call))
}

export function allHere<R extends Ec2Record>(table: Table<R, string>, call: Call): readonly R[] {
  return [...table.values()].filter((record) => record.region === call.region)
}

/** Returns a question about an existing resource; a missing one is asked by the given id. */
export function onResource(
  kind: string,
  id: string,
  record: Ec2Record | undefined,
  call: Call,
  more: ContextKeys = {},
): AccessRequest {
  return {
    action: `ec2:${call.operation.name}`,
    resource: ec2Arn(call, call.account.id, kind, id),
    context: { ...more, ...resourceTagKeys(record?.tags ?? []) },
  }
}

/** Returns questions about a resource that the call creates: the call's own, and ec2:CreateTags if it is tagged. */
export function onNewResource(
  kind: string,
  tags: TagsByKind,
  call: Call,
  more: ContextKeys = {},
  id = '*',
): readonly AccessRequest[] {
  const tagsOfKind = tags.get(kind)
  const arn = ec2Arn(call, kind === 'image' ? '' : call.account.id, kind, id)
  return [
    {
      action: `ec2:${call.operation.name}`,
      resource: arn,
      context: { ...more, ...requestTagKeys(tagsOfKind) },
    },
    ...createTagsRequest(arn, tagsOfKind, call),
  ]
}
