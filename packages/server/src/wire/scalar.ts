import { decodeBase64 } from './text.ts'
import { parseTimestamp } from './timestamp.ts'

/** The simple types that are read from text: form parameters, path labels, query strings, headers, XML. */
export type ScalarType = 'string' | 'integer' | 'long' | 'float' | 'double' | 'boolean' | 'blob' | 'timestamp'

/** Reads a text as a simple type; undefined if it has another form. */
export function scalarReader(type: ScalarType): (text: string) => unknown {
  switch (type) {
    case 'string':
      return (text) => text
    case 'integer':
      return (text) => wholeNumber(text, 2 ** 31)
    case 'long':
      return (text) => wholeNumber(text, 2 ** 53)
    case 'float':
    case 'double':
      return realNumber
    case 'boolean':
      return boolean
    case 'blob':
      return decodeBase64
    case 'timestamp':
      return parseTimestamp
  }
}

function wholeNumber(text: string, bound: number): number | undefined {
  if (!/^[+-]?\d{1,17}$/.test(text)) return undefined
  const number = Number(text)
  return number >= -bound && number < bound ? number : undefined
}

function realNumber(text: string): number | undefined {
  if (!/^[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d{1,3})?$/.test(text)) return undefined
  const number = Number(text)
  return Number.isFinite(number) ? number : undefined
}

function boolean(text: string): boolean | undefined {
  const lower = text.toLowerCase()
  return lower === 'true' ? true : lower === 'false' ? false : undefined
}
