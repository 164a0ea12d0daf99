import type { Call, ContextKeys, Operation } from '../../authorization/index.ts'
import { uuid } from '../../base/index.ts'
import { pageOf } from '../../center/index.ts'
import type { Account, AnywhereThing, Tag } from '../../directory/index.ts'
import { invalid, notFound } from './faults.ts'

/** The kinds of things, as ARNs name them. */
export type ThingKind = 'trust-anchor' | 'profile' | 'crl' | 'subject'

const tagsMost = 200

/** `arn:PARTITION:rolesanywhere:REGION:ACCOUNT:KIND/UUID`. */
export function thingArn({ id, partition }: Account, region: string, kind: ThingKind, thing: string): string {
  return `arn:${partition}:rolesanywhere:${region}:${id}:${kind}/${thing}`
}

/** An operation on a thing that its id names, asked on the thing. */
export function onThing<Input, Output>(
  kind: ThingKind,
  idOf: (input: Input) => string,
  run: (input: Input, call: Call) => Output,
): Operation<Input, Output> {
  return { resource: (input, { account, region }) => thingArn(account, region, kind, idOf(input)), run }
}

/** Returns the common members of a new thing. @throws Fault ValidationException */
export function newThing(
  {
    name,
    enabled,
    tags = [],
  }: {
    readonly name: string
    readonly enabled?: boolean | undefined
    readonly tags?: readonly ApiTag[] | undefined
  },
  { deps, region, now }: Call,
): AnywhereThing {
  return {
    id: uuid(deps.random),
    region,
    name,
    enabled: enabled === true,
    tags: checkTags(tags.map(({ key, value }) => ({ Key: key, Value: value }))),
    createdAt: now,
    updatedAt: now,
  }
}

export interface ApiTag {
  readonly key: string
  readonly value: string
}

/** The keys of tags that a request brings. */
export function requestTags(tags: readonly ApiTag[] | undefined): ContextKeys {
  if (tags === undefined || tags.length === 0) return {}
  return {
    ...Object.fromEntries(tags.slice(0, tagsMost).map(({ key, value }) => [`aws:RequestTag/${key}`, value])),
    'aws:TagKeys': tags.slice(0, tagsMost).map(({ key }) => key),
  }
}

/** @throws Fault ValidationException */
export function checkTags(tags: readonly Tag[]): readonly Tag[] {
  if (tags.length > tagsMost) throw invalid(`A resource has at most ${tagsMost} tags.`)
  if (new Set(tags.map(({ Key }) => Key)).size < tags.length) throw invalid('A tag key is given twice.')
  if (tags.some(({ Key }) => /^aws:/i.test(Key))) throw invalid('Tag keys that begin with aws: are reserved.')
  return tags
}

/** Returns the thing of the region. @throws Fault ResourceNotFoundException */
export function inRegion<T extends { readonly region: string }>(found: T | undefined, { region }: Call): T {
  if (found === undefined || found.region !== region) throw notFound('The resource was not found.')
  return found
}

/** A page of a list. */
export function listed<T extends { readonly id: string; readonly region: string }>(
  all: Iterable<T>,
  {
    nextToken,
    pageSize,
  }: { readonly nextToken?: string | undefined; readonly pageSize?: number | undefined },
  { region }: Call,
): { readonly items: readonly T[]; readonly nextToken: string | undefined } {
  const inRegion = [...all].filter((each) => each.region === region)
  const size = Math.min(Math.max(pageSize ?? 100, 1), 1_000)
  const { items, NextToken } = pageOf(inRegion, ({ id }) => id, {
    MaxResults: size,
    ...(nextToken !== undefined && { NextToken: nextToken }),
  })
  return { items, nextToken: NextToken }
}
