import type { IdentifiedCall } from './call.ts'
import { type Input, textsAt, Unreadable } from './input.ts'
import { readInput } from './parameters.ts'
import { eachStep } from './path.ts'

const groupPlaces = [
  ['logGroupName'],
  ['logGroupNames', eachStep],
  ['logGroupIdentifiers', eachStep],
] as const

/** The SOURCE command, at the beginning of a query, of a line or of a query within; a field may have that name, too. */
const sources = /(?:^|[[\n])\s*(?:search\s+)?source\b/i

/**
 * Refuses a CloudWatch Logs query that names log groups both as parameters and in its own text, by SOURCE or in SQL.
 * AWS accepts one or the other; a query that names them only in its text is authorized for all groups (behaviour
 * GRD-119). @throws Unreadable if it does both
 */
export function checkLogQuery(call: IdentifiedCall, input: Input): void {
  const { service, operation, packed } = call
  if (service.id !== 'logs' || operation !== 'StartQuery') return
  if (groupPlaces.every((place) => textsAt(input, place).length === 0)) return
  // no template reads these
  const members = { ...packed.input, queryLanguage: {}, queryString: {} }
  const whole = readInput({ ...call, packed: { ...packed, input: members } })
  const [language = 'CWLI'] = textsAt(whole, ['queryLanguage'])
  const [query = ''] = textsAt(whole, ['queryString'])
  if (language.toUpperCase() === 'SQL' || sources.test(query))
    throw new Unreadable('The query may name other log groups in its text')
}
