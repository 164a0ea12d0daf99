import { wildcardMatcher } from '@omen-iam/policy'
import { fault } from '../../base/index.ts'
import type { Tag } from '../../directory/index.ts'
import type { Ec2 } from '../../model/index.ts'
import { invalidParameter } from './faults.ts'
import { limits } from './limits.ts'

type Text = string | number | boolean | undefined
/** What each filter's name looks at. */
export type Fields<R> = Readonly<Record<string, (record: R) => Text | readonly Text[]>>

/** Filters that AWS has for what nothing here has: they let nothing through. */
export function nowhere(...names: readonly string[]): Fields<unknown> {
  return Object.fromEntries(names.flatMap((list) => list.split(' ')).map((name) => [name, () => undefined]))
}

/**
 * The records that every filter lets through: one of its values must match one of the record's, `*` and `?`
 * standing for any text and any character (behaviour EC2-61). `tag:KEY`, `tag-key` and `tag-value` go with all.
 * @throws Fault InvalidParameterValue for a filter that the operation has not
 */
export function filtered<R extends { readonly tags: readonly Tag[] }>(
  records: readonly R[],
  filters: readonly Ec2.Filter[] | undefined,
  fields: Fields<R>,
): readonly R[] {
  return filteredBy(records, filters, fields, (record) => record.tags)
}

/** As `filtered`, where the tags stand elsewhere or nowhere. */
export function filteredBy<R>(
  records: readonly R[],
  filters: readonly Ec2.Filter[] | undefined,
  fields: Fields<R>,
  tagsOf?: (record: R) => readonly Tag[],
): readonly R[] {
  if (filters === undefined || filters.length === 0) return records
  checkFilters(filters)
  const tests = filters.map((filter) => testOf(filter, fields, tagsOf))
  return records.filter((record) => tests.every((test) => test(record)))
}

function checkFilters(filters: readonly Ec2.Filter[]): void {
  const values = filters.reduce((sum, filter) => sum + (filter.Values?.length ?? 0), 0)
  if (filters.length > limits.filters || values > limits.filterValues) {
    throw fault(
      'FilterLimitExceeded',
      `The maximum number of filter values specified on a single call is ${limits.filterValues}`,
      400,
    )
  }
}

function testOf<R>(
  { Name: name, Values: values = [] }: Ec2.Filter,
  fields: Fields<R>,
  tagsOf: ((record: R) => readonly Tag[]) | undefined,
): (record: R) => boolean {
  if (name === undefined) throw invalidParameter('The filter must have a name')
  for (const value of values)
    if (value.length > limits.filterValueLength)
      throw invalidParameter(`A filter value has no more than ${limits.filterValueLength} characters.`)
  const any = anyOf(values)
  if (tagsOf !== undefined) {
    if (name === 'tag-key') return (record) => tagsOf(record).some((tag) => any(tag.Key))
    if (name === 'tag-value') return (record) => tagsOf(record).some((tag) => any(tag.Value))
    if (name.startsWith('tag:')) {
      const key = name.slice(4)
      return (record) => tagsOf(record).some((tag) => tag.Key === key && any(tag.Value))
    }
  }
  const field = Object.hasOwn(fields, name) ? fields[name] : undefined
  if (field === undefined) throw invalidParameter(`The filter '${name}' is invalid`)
  return (record) => {
    const found = field(record)
    if (!Array.isArray(found)) return found !== undefined && any(String(found))
    return found.some((each) => each !== undefined && any(String(each)))
  }
}

/** Whether a text matches one of the values: those without wildcards are looked up, not tried. */
function anyOf(values: readonly string[]): (text: string) => boolean {
  const literals = new Set(values.filter((value) => !wild.test(value)))
  const matches = values
    .filter((value) => wild.test(value))
    .map((value) => wildcardMatcher(value, { backslash: true }))
  return (text) => literals.has(text) || matches.some((match) => match(text))
}

const wild = /[*?\\]/
