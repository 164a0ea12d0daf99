import type { Shape } from '@omen-iam/policy'
import type { TechniqueNeed, TechniqueResource } from '../../authorization/catalogue/index.ts'
import { type Resource, resourcesByArn, type SureTags, type World } from '../world/world.ts'
import { type Binding, resourceOf } from './request-keys.ts'
import type { Known } from './shape.ts'

/** A request on one of the resources that a call names. */
export interface ResourceQuestion {
  readonly world: World
  readonly need: TechniqueNeed
  readonly binding: Binding
  readonly known: Known
  readonly type: TechniqueResource | undefined
  readonly resource: string | Shape
}

/**
 * The tags of what a request is about; undefined if nobody knows them. A call on several resources is asked about each of
 * them, with the tags of that one. [PSR-17]
 */
export function resourceTags(question: ResourceQuestion): Readonly<Record<string, string>> | undefined {
  const { world, need, binding, resource } = question
  const { on } = need
  if (on.is === 'target') return binding.target?.tags
  if (on.is === 'group') return {}
  if (isDocumentOfAws(question)) return {}
  const bound = resourceOf(need, binding)
  if (bound === undefined) return undefined
  if (resource === bound.arn) return bound.tags
  return typeof resource === 'string'
    ? resourcesByArn(world.inventory.resources ?? none).get(resource)?.tags
    : undefined
}

/** The tags that the attacker has written on what a request is about, if no file has its tags. */
export function sureTagsOf({ need, binding, resource }: ResourceQuestion): SureTags | undefined {
  if (need.on.is === 'policy') return binding.policy?.sureTags
  const bound = resourceOf(need, binding)
  return bound?.arn === resource ? bound.sureTags : undefined
}

/** Documents of AWS have no tags of the account. */
function isDocumentOfAws({ need, type, known }: ResourceQuestion): boolean {
  const { DocumentAccount: owner = '' } = known
  const isDocument = type?.type === 'document' || type?.type === 'automation-definition'
  return need.action.startsWith('ssm:') && isDocument && need.on.is !== 'new' && owner === ''
}

const none: readonly Resource[] = []
