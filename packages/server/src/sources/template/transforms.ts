import type { JsonMember, JsonNode } from '@omen-iam/policy'
import { usesLanguageExtensions, withoutLoops } from './loops.ts'
import type { TemplateOptions } from './options.ts'
import { connectorsIn, isServerless, samTransformed } from './sam/transform.ts'

/** A template after its transforms, and the resources whose connectors are not known. */
export interface Transformed {
  readonly root: JsonNode
  readonly connectors: readonly JsonMember[]
}

/** Carries out the transforms that are known here. @throws LimitReached if a loop cannot be carried out */
export function transformed(root: JsonNode, options: TemplateOptions): Transformed {
  const unrolled = usesLanguageExtensions(root) ? withoutLoops(root, options) : root
  if (!isServerless(unrolled)) return { root: unrolled, connectors: [] }
  return { root: samTransformed(unrolled), connectors: connectorsIn(unrolled) }
}
