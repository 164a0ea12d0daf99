import type { Call, Operation } from '../../authorization/index.ts'
import type { TableDefinition, Tag } from '../../directory/index.ts'
import type { Ec2 } from '../../model/index.ts'
import type { Kind } from './faults.ts'
import { type Fields, filteredBy } from './filter.ts'
import { ensureDefaultNetwork } from './network/default-network.ts'
import { checkNoIdsWithPage, type Paged, type Placed, pageOf } from './page.ts'
import type { Ec2Record } from './records.ts'
import { askedFor } from './resource.ts'

/** A kind of resource as a Describe operation lists it. */
interface Described<Ids extends string, R extends DescribedRecord, Out extends object, List extends string> {
  /** The member of the input that names resources. */
  readonly ids: Ids
  /** EC2's name of that member in its refusal of ids with a page size; absent where EC2 takes both. */
  readonly idsInRefusal?: string
  /** Whether EC2 refuses filters by tag. */
  readonly untagged?: true
  /** The smallest page that EC2 takes; 5 if absent. */
  readonly smallestPage?: number
  /** The member of the output that lists them. */
  readonly list: List
  /** Returns a function that shows one resource. It is made once a call. */
  show(call: Call): (record: R) => Out
  /** The filters, in the form of `shownFields`. */
  readonly filters: string
  /** Filters on facts that answers do not show. */
  hidden?(call: Call): Fields<R>
}

/** Returns the named resources, or all of the region. @throws Fault if one of them is missing */
type Records<R, More> = (ids: readonly string[] | undefined, call: Call, input: More) => readonly R[]

interface DescribedRecord extends Placed {
  readonly tags?: readonly Tag[]
}

interface Asked extends Paged {
  readonly Filters?: readonly Ec2.Filter[] | undefined
}

type Named<Ids extends string> = { readonly [Name in Ids]?: readonly string[] | undefined }

type Answer<Out, List extends string> = { readonly [Name in List]: readonly Out[] } & {
  readonly NextToken?: string | undefined
}

/** Returns the Describe operation of a kind: ids, filters, then a page of what is left. */
export function describes<
  R extends DescribedRecord,
  Ids extends string,
  Out extends object,
  List extends string,
  More = unknown,
>(
  recordsOf: Records<R, More>,
  kind: Described<Ids, R, Out, List>,
): Operation<Asked & Named<Ids> & More, Answer<Out, List>> {
  const fields = shownFields(kind.filters)
  return {
    run(input, call) {
      const idsByName: Named<Ids> = input
      const ids = idsByName[kind.ids]
      if (kind.idsInRefusal !== undefined) checkNoIdsWithPage(ids, input.MaxResults, kind.idsInRefusal)
      const records = recordsOf(ids, call, input)
      const show = kind.show(call)
      const tagsOf = kind.untagged ? undefined : (record: R) => record.tags ?? []
      const matches = matching(records, input.Filters, fields, show, tagsOf, kind.hidden?.(call))
      const { page, next } = pageOf(matches, input, kind.smallestPage)
      return { [kind.list]: page.map(show), NextToken: next } as Answer<Out, List> // the key is the list's name
    },
  }
}

/** Returns the records that filters let through: those of the kind compare what `show` makes of a record. */
export function matching<R, Out extends object>(
  records: readonly R[],
  filters: Asked['Filters'],
  shown: Fields<object>,
  show: (record: R) => Out,
  tagsOf?: (record: R) => readonly Tag[],
  hidden: Fields<R> = {},
): readonly R[] {
  if (filters === undefined || filters.length === 0) return records
  const fields: Fields<{ readonly record: R; readonly out: Out }> = {
    ...mapped(shown, ({ out }) => out),
    ...mapped(hidden, ({ record }) => record),
  }
  return filteredBy(
    records.map((record) => ({ record, out: show(record) })),
    filters,
    fields,
    tagsOf && (({ record }) => tagsOf(record)),
  ).map(({ record }) => record)

  function mapped<T>(looks: Fields<T>, of: (both: { readonly record: R; readonly out: Out }) => T) {
    return Object.fromEntries(
      Object.entries(looks).map(([name, look]) => [name, (both: Parameters<typeof of>[0]) => look(of(both))]),
    )
  }
}

/** Returns the records of a table that ids name, or all of the region. */
export function recordsOf<R extends Ec2Record, Index extends string>(
  table: TableDefinition<R, Index>,
  kind: Kind,
): (ids: readonly string[] | undefined, call: Call) => readonly R[] {
  return (ids, call) => {
    ensureDefaultNetwork(call)
    return askedFor(call.account.table(table), ids, kind, call)
  }
}

/**
 * Returns filters by their names. A filter compares what the answer shows: `vpc-id` its member VpcId, `route.state` the
 * State of each of its Routes, `cidr=CidrBlock` the member that is given. `name:value` compares a value that all have,
 * and `name:` matches nothing; the filter of an instant, which ends in `-time`, compares its ISO text.
 */
export function shownFields(text: string): Fields<object> {
  return Object.fromEntries(
    text.split(/\s+/).map((each) => {
      const [, name = '', sign, rest = ''] = /^([\w.-]+)(?:([=:])(.*))?$/.exec(each) ?? []
      if (sign === ':') return [name, () => rest || undefined]
      const path = (sign === '=' ? rest : memberName(name)).split('.')
      const text = name.endsWith('-time') ? isoTime : String
      return [name, (out: object) => valuesAt(out, path).map(text)]
    }),
  )
}

function memberName(filter: string): string {
  return filter.replace(
    /(^|[.-])(\w)/g,
    (_, sign, letter) => (sign === '.' ? '.' : '') + letter.toUpperCase(),
  )
}

function isoTime(instant: unknown): string {
  return new Date(Number(instant)).toISOString()
}

/** Returns the values at a path; of a list, those of each of its items. */
function valuesAt(value: unknown, path: readonly string[]): readonly unknown[] {
  if (value === undefined) return []
  if (Array.isArray(value)) return value.flatMap((each) => valuesAt(each, path))
  const [step, ...rest] = path
  if (step === undefined) return [value]
  const members = new Map(Object.entries(value ?? {}))
  const name = [step, `${step}s`, `${step}Set`].find((each) => members.has(each))
  return name === undefined ? [] : valuesAt(members.get(name), rest)
}
