import type { Language } from './language.ts'
import { type ReasonWords, reasonEnglish } from './reason-en.ts'
import { reasonJapanese } from './reason-ja.ts'

export type { ReasonWords } from './reason-en.ts'

/** The words of a decision in each language. */
export const reasonWords: Readonly<Record<Language, ReasonWords>> = { en: reasonEnglish, ja: reasonJapanese }

/** A layer as people call it: of a role the resource's policy is its trust policy. */
export function layerNamed(layer: string, action: string, { layers }: ReasonWords): string {
  const isTrust = layer === 'resource' && /^sts:(?:AssumeRole|TagSession|Set)/i.test(action)
  return Object.entries(layers).find(([name]) => name === (isTrust ? 'trust' : layer))?.[1] ?? layer
}
