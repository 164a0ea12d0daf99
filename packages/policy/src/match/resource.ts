import { type Matcher, matcherOf } from './glob.ts'
import { type Part, parseTemplate } from './template.ts'

/**
 * A value of Resource or NotResource. The whole ARN is one pattern: `*` crosses `/`, and where it ends a segment it
 * may reach beyond the colon. Variables count only behind the fifth colon, before it they are text. [POL-083, POL-087]
 */
export function compileResource(text: string, variables: boolean): Matcher {
  return matcherOf(resourceParts(text, variables))
}

export function resourceParts(text: string, variables: boolean): readonly Part[] {
  if (!variables || !text.includes('${')) return parseTemplate(text, { wildcards: true, variables: false })
  const tail = afterFifthColon(text)
  const head = parseTemplate(text.slice(0, tail), { wildcards: true, variables: false })
  return [...head, ...parseTemplate(text.slice(tail), { wildcards: true, variables: true })]
}

function afterFifthColon(text: string): number {
  let at = -1
  for (let colons = 0; colons < 5; colons++) {
    at = text.indexOf(':', at + 1)
    if (at === -1) return text.length
  }
  return at + 1
}
