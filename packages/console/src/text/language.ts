import { useSyncExternalStore } from 'react'

export const languages = ['en', 'ja'] as const
export type Language = (typeof languages)[number]

/** The types of a text: words, or a function that puts values into words. */
type Word = string | ((...values: never[]) => string)

/** Words by name, in groups. */
export interface Words {
  readonly [name: string]: Word | Words
}

/** The same names with words of another language; functions take the same values. */
type Same<T> = {
  readonly [K in keyof T]: T[K] extends string
    ? string
    : T[K] extends (...values: infer V) => string
      ? (...values: V) => string
      : Same<T[K]>
}

/** The texts of one part of the console, in every language. A name that one language lacks does not compile. */
export interface Texts<T extends Words> {
  readonly en: T
  readonly ja: Same<T>
}

/** Declares the texts of one part of the console. */
export function texts<T extends Words>(each: { readonly en: T; readonly ja: Same<T> }): Texts<T> {
  return each
}

const key = 'omen.language'

/** The language that the page is in: of the address, chosen before, or the browser's. */
class LanguageStore {
  #language: Language = chosen()
  readonly #listeners = new Set<() => void>()

  constructor() {
    document.documentElement.lang = this.#language
  }

  get current(): Language {
    return this.#language
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  choose(language: Language): void {
    this.#language = language
    localStorage.setItem(key, language)
    document.documentElement.lang = language
    for (const listener of this.#listeners) listener()
  }
}

function chosen(): Language {
  const asked = new URLSearchParams(location.search).get('lang') ?? localStorage.getItem(key)
  return (
    languages.find((each) => each === asked) ??
    (navigator.languages.some((each) => each.startsWith('ja')) && !navigator.language.startsWith('en')
      ? 'ja'
      : 'en')
  )
}

export const language = new LanguageStore()

export function useLanguage(): Language {
  return useSyncExternalStore(language.subscribe, () => language.current)
}

/** The texts of a part in the page's language. */
export function useText<T extends Words>(each: Texts<T>): Same<T> {
  return each[useLanguage()] as Same<T> // English has the same names
}
