import { titleIn } from '../../views/index.ts'
import type { Language } from './language.ts'

/** A view with its policies' titles in a language. */
export function titled<T>(view: T, language: Language): T {
  if (language === 'en') return view
  const text = JSON.stringify(view, (key, value: unknown) =>
    key === 'title' && typeof value === 'string' ? titleIn(language, value) : value,
  )
  return JSON.parse(text) as T // the same members; only titles are other texts
}
