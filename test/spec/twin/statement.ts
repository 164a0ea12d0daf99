import type { Document, OneOrMany, Statement, World } from '../case.ts'
import type { Layer } from '../twin.ts'
import { type Answer, and, list, not, yesIf } from './answer.ts'
import type { Caller } from './caller.ts'
import { holds } from './condition.ts'
import { matchesPrincipal } from './principal.ts'
import { arnParts, expand, glob, pattern } from './text.ts'

export function statementsOf(document: Document): readonly Statement[] {
  return list(document.Statement)
}

export function applies(
  statement: Statement,
  document: Document,
  world: World,
  caller: Caller,
  layer: Layer,
): boolean {
  const { request } = world
  const variables = document.Version === '2012-10-17' // POL-086
  const parts: Answer[] = []
  if (layer === 'resource' || layer === 'rcp' || layer === 'endpoint') {
    parts.push(matchesPrincipal(statement, caller, world))
  }
  if (statement.Action !== undefined) parts.push(anyAction(statement.Action, request.action))
  if (statement.NotAction !== undefined) parts.push(not(anyAction(statement.NotAction, request.action)))
  if (statement.Resource !== undefined) parts.push(anyResource(statement.Resource, world, variables))
  if (statement.NotResource !== undefined)
    parts.push(not(anyResource(statement.NotResource, world, variables)))
  for (const [operator, keys] of Object.entries(statement.Condition ?? {})) {
    for (const [key, values] of Object.entries(keys)) {
      parts.push(holds(operator, key, list(values), world, variables)) // POL-091
    }
  }
  const answer = and(parts)
  // What cannot be evaluated fails closed: it never allows, and it denies.
  return answer === 'yes' || (answer === 'unknown' && statement.Effect === 'Deny')
}

function anyAction(patterns: OneOrMany<string>, action: string): Answer {
  return yesIf(list(patterns).some((each) => glob(pattern(each.toLowerCase()), action.toLowerCase()))) // POL-080
}

function anyResource(patterns: OneOrMany<string>, world: World, variables: boolean): Answer {
  return yesIf(list(patterns).some((each) => matchesResource(each, world, variables)))
}

/** POL-083: `*` crosses slashes and colons; POL-084: an action without a resource is only met by `*`. */
function matchesResource(written: string, world: World, variables: boolean): boolean {
  const parts = arnParts(written)
  if (parts === undefined || !variables) return glob(pattern(written), world.request.resource)
  const head = `${parts.slice(0, 5).join(':')}:`
  const tail = expand(parts[5] ?? '', world, true) // POL-087: only behind the fifth colon
  return tail !== undefined && glob([...pattern(head), ...tail], world.request.resource)
}
