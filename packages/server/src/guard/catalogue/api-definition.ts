import { isWithinLimits } from '../../wire/index.ts'
import { longestBody, unpackedBody } from './body.ts'
import type { IdentifiedCall } from './call.ts'
import { mostValues } from './cbor.ts'
import { asRecord, Unreadable } from './input.ts'
import { repeatsNames } from './json-names.ts'

/** Operations of Amazon API Gateway that take a definition of an API: as the body, or in a member of it. */
const places: Readonly<Record<string, 'body' | 'member'>> = {
  'apigateway:ImportRestApi': 'body',
  'apigateway:PutRestApi': 'body',
  'apigatewayv2:ImportApi': 'member',
  'apigatewayv2:ReimportApi': 'member',
}

/** Members of a definition that hand a role on: of an integration, and of an authorizer. */
const handing = /^(?:authorizerC|c)redentials$/i

/**
 * The roles that a definition of an API hands on (behaviour GRD-586); `*` is any role, of a definition in YAML that names some in a
 * way that is not read here. @throws Unreadable if the definition is too long, or has a member twice
 */
export function rolesInDefinition(call: IdentifiedCall): readonly string[] {
  const name = `${call.service.id}:${call.operation}`
  const place = Object.hasOwn(places, name) ? places[name] : undefined
  if (place === undefined) return []
  const body = unpackedBody(call) ?? call.request.body
  if (body.length > longestBody) throw new Unreadable('The definition of the API is too long')
  const text = Buffer.from(body).toString('utf8')
  if (place === 'body') return rolesIn(text)
  return Object.entries(asRecord(jsonOf(text)) ?? {}).flatMap(([member, value]) =>
    /^body$/i.test(member) && typeof value === 'string' ? rolesIn(value) : [],
  )
}

function rolesIn(definition: string): readonly string[] {
  return /^\s*\{/.test(definition) ? inJson(jsonOf(definition)) : inYaml(definition)
}

function jsonOf(text: string): unknown {
  if (!isWithinLimits(text, mostValues)) throw new Unreadable('The definition of the API holds too much')
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    throw new Unreadable('The definition of the API is no JSON')
  }
  if (repeatsNames(text)) throw new Unreadable('The definition of the API names a member twice')
  return value
}

function inJson(definition: unknown): readonly string[] {
  const roles: string[] = []
  const waiting: unknown[] = [definition]
  while (waiting.length > 0) {
    const value = waiting.pop()
    if (typeof value !== 'object' || value === null) continue
    for (const [name, each] of Object.entries(value)) {
      if (typeof each === 'string' && handing.test(name) && each.startsWith('arn:')) roles.push(each)
      else waiting.push(each)
    }
  }
  return roles
}

/** Not taken apart: a name, a colon and an ARN are what people write, and anything else may be any role. */
function inYaml(definition: string): readonly string[] {
  const named = definition.match(/(?:^|[\s{,"'])(?:authorizerC|c)redentials["']?\s*:/gi) ?? []
  const plain = [
    ...definition.matchAll(/(?:^|[\s{,"'])(?:authorizerC|c)redentials["']?\s*:\s*["']?(arn:[^\s"',}#]+)/gi),
  ]
  const isHidden = /\\[xuU]|&[^\s&]*\s+["']?(?:authorizerC|c)redentials\b/i.test(definition)
  const roles = plain.flatMap(([, role]) => role ?? [])
  return isHidden || named.length > plain.length ? [...roles, '*'] : roles
}
