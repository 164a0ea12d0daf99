import type { JsonNode } from '@omen-iam/policy'
import { usesLanguageExtensions, withoutLoops } from './loops.ts'
import type { TemplateOptions } from './options.ts'
import { isServerless, samTransformed } from './sam/transform.ts'
import { macrosIn, type UnreadPart, unreadOfSam, withoutMacros } from './unread.ts'

/** A template after its transforms, and what of it is not read although it may give access. */
export interface Transformed {
  readonly root: JsonNode
  readonly unread: readonly UnreadPart[]
}

/** Carries out the transforms that are known here. @throws LimitReached if a loop cannot be carried out */
export function transformed(root: JsonNode, options: TemplateOptions): Transformed {
  const macros = macrosIn(root)
  const written = withoutMacros(root)
  const unrolled = usesLanguageExtensions(root) ? withoutLoops(written, options) : written
  if (!isServerless(unrolled)) return { root: unrolled, unread: macros }
  return { root: samTransformed(unrolled), unread: [...macros, ...unreadOfSam(unrolled)] }
}
