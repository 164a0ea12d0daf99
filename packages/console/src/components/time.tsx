import { useLanguage } from '../text/language.ts'

/** An instant in the reader's own time and language; the exact one, in UTC, is its title. */
export function Time({ iso }: { readonly iso: string }) {
  const language = useLanguage()
  const date = new Date(iso)
  if (Number.isNaN(date.getTime())) return iso
  return (
    <time dateTime={date.toISOString()} title={date.toISOString()}>
      {formatIn(language).format(date)}
    </time>
  )
}

const formats = new Map<string, Intl.DateTimeFormat>()

/** The format of a language, made once: to make one takes longer than to draw a row. */
function formatIn(language: string): Intl.DateTimeFormat {
  const known = formats.get(language)
  if (known !== undefined) return known
  const made = new Intl.DateTimeFormat(language, { dateStyle: 'medium', timeStyle: 'medium' })
  formats.set(language, made)
  return made
}
