import { useLanguage } from '../text/language.ts'

/** An instant in the reader's own time and language; the exact one, in UTC, is its title. */
export function Time({ iso }: { readonly iso: string }) {
  const language = useLanguage()
  const date = new Date(iso)
  if (Number.isNaN(date.getTime())) return iso
  const text = new Intl.DateTimeFormat(language, { dateStyle: 'medium', timeStyle: 'medium' }).format(date)
  return (
    <time dateTime={date.toISOString()} title={date.toISOString()}>
      {text}
    </time>
  )
}
