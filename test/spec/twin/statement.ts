import type { Document, OneOrMany, Statement, World } from '../case.ts'
import type { Layer } from '../twin.ts'
import { type Answer, and, list, not, or, yesIf } from './answer.ts'
import type { Caller } from './caller.ts'
import { holds } from './condition.ts'
import { matchesPrincipal } from './principal.ts'
import { expand, glob, isUnclear, pattern } from './text.ts'

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
  const own = layer === 'identity' || layer === 'boundary'
  const deny = statement.Effect === 'Deny'
  if (statement.Resource !== undefined) {
    parts.push(anyResource(statement.Resource, world, variables, own, deny))
  }
  if (statement.NotResource !== undefined) {
    parts.push(not(anyResource(statement.NotResource, world, variables, own, !deny)))
  }
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

function anyResource(
  patterns: OneOrMany<string>,
  world: World,
  variables: boolean,
  own: boolean,
  closed: boolean,
): Answer {
  return or(list(patterns).map((each) => matchesResource(complete(each, own, closed), world, variables)))
}

/** POL-185: IAM completes an ARN; in other documents that counts only on the closed side. */
function complete(written: string, own: boolean, closed: boolean): string {
  const fields = fieldsOf(written)
  if (fields[0] !== 'arn' || fields.length < 2 || fields.length >= 6 || written.endsWith('*')) return written
  if (/[*?]/.test(written)) return closed ? `${written}*` : written
  const missing = new Array<string>(6 - fields.length).fill('*')
  return own || closed ? [written, ...missing].join(':') : written
}

/** POL-083: `*` crosses slashes and colons; POL-084: an action without a resource is only met by `*`. */
function matchesResource(written: string, world: World, variables: boolean): Answer {
  const asked = world.request.resource
  const fields = fieldsOf(written)
  if (!variables) return yesIf(glob(pattern(written), asked))
  if (isUnclear(fields.slice(3).join(':'))) return 'unknown' // POL-182
  const head = pattern(fields.slice(0, 3).join(':') + (fields.length > 3 ? ':' : ''))
  const tail = expand(fields.slice(3).join(':'), world, true) // POL-087, POL-184: from the region on
  return yesIf(tail !== undefined && glob([...head, ...tail], asked))
}

/** The fields of an ARN; a colon inside of a variable is none. */
function fieldsOf(text: string): string[] {
  return text.match(/(?:\$\{[^}]*\}|[^:])+|(?<=^|:)(?=:|$)/g) ?? []
}
