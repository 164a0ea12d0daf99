import { useEffect } from 'react'

/** The text by which a row of a list is found: its texts and numbers in lower case, made once. */
export function textOf(row: object): string {
  const known = texts.get(row)
  if (known !== undefined) return known
  const text = Object.values(row)
    .filter((value) => typeof value === 'string' || typeof value === 'number')
    .join('\n')
    .toLowerCase()
  texts.set(row, text)
  return text
}

const texts = new WeakMap<object, string>()

/** Rows whose texts are made at once. */
const atOnce = 250

/** Makes the texts of rows while the page has nothing else to do, so that the first letter typed does not wait for them. */
export function useReadyTexts(rows: readonly object[]): void {
  useEffect(() => {
    let next = 0
    let handle = 0
    const make = () => {
      for (const row of rows.slice(next, next + atOnce)) textOf(row)
      next += atOnce
      if (next < rows.length) handle = requestIdleCallback(make)
    }
    handle = requestIdleCallback(make)
    return () => cancelIdleCallback(handle)
  }, [rows])
}

/** The order of rows by a member: texts as the language sorts them, others by value. Absent values come first. */
export function compareRows(
  member: string,
  descending: boolean,
  language: string,
): (a: object, b: object) => number {
  const { compare } = new Intl.Collator(language)
  const sign = descending ? -1 : 1
  const read = (row: object) => (row as Readonly<Record<string, unknown>>)[member] // every row has members
  return (a, b) => {
    const [one, other] = [read(a), read(b)]
    if (one === other) return 0
    if (one === undefined) return -sign
    if (other === undefined) return sign
    if (typeof one === 'string' && typeof other === 'string') return sign * compare(one, other)
    return sign * (Number(one) - Number(other))
  }
}
