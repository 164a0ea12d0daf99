import type { HttpRequest } from '../../base/index.ts'
import { isForm, mediaType } from '../doors/index.ts'

/** The fields of a form, a JSON object or a query: texts by name. */
export type Fields = ReadonlyMap<string, string>

const bytesMost = 32_768
const fieldsMost = 50

/** Returns the fields of a query. The first of a name counts. */
export function queryFields({ rawQuery }: HttpRequest): Fields {
  return pairs(rawQuery)
}

/** Returns the fields of a body, JSON or a form; undefined if it is neither, or too large. */
export function bodyFields(request: HttpRequest): Fields | undefined {
  if (request.body.length > bytesMost) return undefined
  const text = Buffer.from(request.body).toString('utf8')
  if (isForm(request)) return pairs(text)
  if (mediaType(request) !== 'application/json') return undefined
  try {
    const value: unknown = JSON.parse(text === '' ? '{}' : text)
    if (typeof value !== 'object' || value === null) return undefined
    const entries = Object.entries(value).filter(
      (entry): entry is [string, string] => typeof entry[1] === 'string',
    )
    return new Map(entries.slice(0, fieldsMost))
  } catch {
    return undefined
  }
}

function pairs(text: string): Fields {
  const fields = new Map<string, string>()
  for (const [name, value] of new URLSearchParams(text)) {
    if (fields.size < fieldsMost && !fields.has(name)) fields.set(name, value)
  }
  return fields
}
