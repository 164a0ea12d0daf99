import type { Path } from '../document/finding.ts'
import type { Located, Policy } from '../document/policy.ts'
import { compileAction } from '../match/action.ts'
import { compileGlob, type Matcher } from '../match/glob.ts'
import type { Report } from '../parse/report.ts'
import { emptyContext } from '../request/context.ts'

/** Maximum comparisons of one list. The cost is quadratic, so longer lists are not checked. */
const maxComparisons = 100_000

/** Values of a list that another value of it covers, and duplicate statements. */
export function checkRedundancy(policy: Policy, report: Report): void {
  const seen = new Map<string, number>()
  for (const { index, effect, principal, action, resource, condition, span } of policy.statements) {
    note(
      action.values,
      compileAction,
      ['Statement', index, action.negated ? 'NotAction' : 'Action'],
      'ACTION',
    )
    note(
      resource?.values ?? [],
      resourcePattern,
      ['Statement', index, resource?.negated ? 'NotResource' : 'Resource'],
      'RESOURCE',
    )
    const key = JSON.stringify([
      effect,
      texts(principal?.entries),
      principal?.negated,
      texts(action.values),
      action.negated,
      texts(resource?.values),
      resource?.negated,
      condition.map(({ operator, key: name, values }) => [operator, name, texts(values)]),
    ])
    if (seen.has(key)) {
      report.note(
        'suggestion',
        'REDUNDANT_STATEMENT',
        'The statements are redundant because they provide identical permissions. Update the policy to remove the redundant statement.',
        ['Statement', index],
        span,
      )
    }
    seen.set(key, index)
  }

  function note(
    values: readonly Located[],
    compile: (pattern: string) => Matcher,
    path: Path,
    name: string,
  ): void {
    for (const { value, by, span } of redundant(values, compile)) {
      report.note('suggestion', `REDUNDANT_${name}`, `${value} is redundant because of ${by}.`, path, span)
    }
  }
}

function texts(values: readonly Located[] | undefined): readonly string[] | undefined {
  return values?.map(({ value }) => value).sort()
}

function resourcePattern(pattern: string): Matcher {
  return compileGlob(pattern, { wildcards: true, variables: false })
}

interface Redundant extends Located {
  readonly by: string
}

/**
 * A pattern whose only wildcards are `*` covers another pattern when it matches its text: the stars match any text of
 * the other's wildcards. With `?` this would not hold.
 */
function redundant(values: readonly Located[], compile: (pattern: string) => Matcher): Redundant[] {
  const fold = (text: string) => (compile === compileAction ? text.toLowerCase() : text)
  const patterns = values.filter(({ value }) => value.includes('*') && !value.includes('?'))
  const found: Redundant[] = []
  if (patterns.length * values.length > maxComparisons) return found
  const compiled = patterns.map((located) => {
    const text = fold(located.value)
    return { located, text, matches: compile(located.value) }
  })
  const seen = new Map<string, string>()
  for (const located of values) {
    const { value, span } = located
    const text = fold(value)
    const own = compiled.find((each) => each.located === located)
    // Of two patterns that cover each other, only the second is redundant.
    let isBefore = true
    const covering = compiled.find((each) => {
      if (each === own) isBefore = false
      else if (each.matches(text, emptyContext))
        return isBefore || own?.matches(each.text, emptyContext) !== true
      return false
    })
    const by = seen.get(text) ?? covering?.located.value
    if (by !== undefined) found.push({ value, span, by })
    else seen.set(text, value)
  }
  return found
}
