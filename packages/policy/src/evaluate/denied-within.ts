import type { Bound } from '../compile/bound.ts'
import type { CompiledSet } from '../compile/compile.ts'
import { overlaps, tokensOf } from '../match/inclusion.ts'
import { Budget, metered } from '../match/meter.ts'
import { resourceParts } from '../match/resource.ts'
import { fill, parseTemplate } from '../match/template.ts'
import type { Request } from '../request/request.ts'
import { denyCovers } from './covers.ts'
import { bindingLayers } from './unevaluable.ts'

/**
 * Returns the resources that Denys of an action name among those of a pattern, as they are written, with their variables
 * filled in. Who asks about some resources without knowing which must ask about each of these as well: `evaluate`
 * compares a Deny of one of them with the pattern's text, and passes it by.
 */
export function deniedWithin(
  request: Request,
  compiled: CompiledSet,
  budget: Budget = new Budget(),
): readonly string[] {
  return metered(budget, () => {
    const asked = tokensOf(parseTemplate(request.resource, { wildcards: true, variables: false }))
    const found = new Set<string>()
    for (const layer of bindingLayers(request, compiled)) {
      for (const bound of layer.candidates(request.action).deny.all) {
        if (!denyCovers(bound, request.principal, compiled.boundary !== undefined)) continue
        for (const text of namedBy(bound, request)) {
          const parts = parseTemplate(text, { wildcards: true, variables: false })
          if (overlaps(tokensOf(parts), asked)) found.add(text)
        }
      }
    }
    return [...found]
  })
}

function namedBy({ policy, statement }: Bound, { context }: Request): readonly string[] {
  if (statement.resource === undefined || statement.resource.negated) return []
  return statement.resource.values.flatMap(
    ({ value }) => fill(resourceParts(value, policy, statement), context) ?? [],
  )
}
