import { invalidInput } from '../faults.ts'
import { type Page, type Paging, page, seenAs } from '../page.ts'

/**
 * Returns a page of a job's result. A marker belongs to the job and to the order of the list; any other is refused.
 * @param order of the list, if it may have several @throws Fault InvalidInput (behaviour RPT-52), ValidationError
 * if no list has such a marker
 */
export function jobPage<T>(
  items: readonly T[],
  keyOf: (item: T) => string,
  input: Paging & { readonly JobId: string },
  order = '',
): Page<T> {
  const prefix = `${input.JobId} ${order} `
  const keyed = seenAs(items, (item) => ({ item, key: prefix + keyOf(item) }))
  const { items: found, rest } = page(keyed, ({ key }) => key, input)
  if (input.Marker !== undefined && !Buffer.from(input.Marker, 'base64').toString().includes(prefix))
    throw invalidInput('The marker passed in the request was invalid.')
  return { items: found.map(({ item }) => item), rest }
}
