import { wildcardMatcher } from '@omen-iam/policy'
import { fault } from '../../base/index.ts'
import type { Tag } from '../../directory/index.ts'
import type { Ec2 } from '../../model/index.ts'
import { invalidParameter } from './faults.ts'
import { limits } from './limits.ts'

type Text = string | number | boolean | undefined
/** The value that each filter compares. */
export type Fields<R> = Readonly<Record<string, (record: R) => Text | readonly Text[]>>

/**
 * Returns the records that match every filter: one of its values must match one of the record's, with `*` for any text
 * and `?` for any character (behaviour EC2-61). `tag:KEY`, `tag-key` and `tag-value` work where there are tags. @throws Fault
 * InvalidParameterValue for an unknown filter
 */
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
    const value = field(record)
    if (!Array.isArray(value)) return value !== undefined && any(String(value))
    return value.some((each) => each !== undefined && any(String(each)))
  }
}

/** Returns whether a text matches one of the values; those without wildcards are looked up. */
function anyOf(values: readonly string[]): (text: string) => boolean {
  const literals = new Set(values.filter((value) => !wild.test(value)))
  const matches = values
    .filter((value) => wild.test(value))
    .map((value) => wildcardMatcher(value, { backslash: true }))
  return (text) => literals.has(text) || matches.some((match) => match(text))
}

const wild = /[*?\\]/
