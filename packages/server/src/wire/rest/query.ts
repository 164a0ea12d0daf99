import { Fault } from '../../base/index.ts'
import { limits } from '../limits.ts'
import { decodePercent } from '../text.ts'

/** Returns the parameters of a REST request's query string; a repeated one has several values. */
export function parseQuery(rawQuery: string): ReadonlyMap<string, readonly string[]> {
  const parameters = new Map<string, string[]>()
  if (rawQuery === '') return parameters
  const pairs = rawQuery.split('&')
  if (pairs.length > limits.formParameters) throw malformed()
  for (const pair of pairs) {
    if (pair === '') continue
    const equals = pair.indexOf('=')
    const name = decodePercent(equals < 0 ? pair : pair.slice(0, equals))
    const value = equals < 0 ? '' : decodePercent(pair.slice(equals + 1).replaceAll('+', ' '))
    if (name === undefined || value === undefined) throw malformed()
    const values = parameters.get(name)
    if (values) values.push(value)
    else parameters.set(name, [value])
  }
  return parameters
}

function malformed(): Fault {
  return new Fault('MalformedQueryString', 'The query string contains a syntax error', 404)
}
