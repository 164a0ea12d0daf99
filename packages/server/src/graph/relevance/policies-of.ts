import type { Policy } from '@omen-iam/policy'
import { valueIn } from '../world/lists.ts'
import type { World } from '../world/world.ts'
import { documentsOf } from './relevance.ts'

/** The policies of a world, each once. */
interface Policies {
  readonly all: readonly Policy[]
  /** The policies that mention tags, callers, sessions, instance profiles or boundaries. */
  readonly telling: readonly Policy[]
}

/** Matches a policy text that mentions a tag, a caller, a session, a resource that code runs in, an instance profile or a boundary. */
const telling =
  /(?:Principal|Resource)Tag|PrincipalArn|userid|SourceIdentity|InstanceProfile|RoleSessionName|:assumed-role\/|SourceFunctionArn|SourceInstanceArn|PermissionsBoundary/i

const known = new WeakMap<World, Policies>()

/** Every policy of a world, each once. */
export function policiesOf(world: World): readonly Policy[] {
  return policiesIn(world).all
}

/**
 * The policies whose texts name a tag of a principal or a resource, the ARN, the id or the session of a caller, a source identity,
 * an instance profile or a boundary.
 */
export function tellingPoliciesOf(world: World): readonly Policy[] {
  return policiesIn(world).telling
}

function policiesIn(world: World): Policies {
  return valueIn(known, world, () => {
    const found = new Map<Policy['statements'], Policy>()
    const special: Policy[] = []
    const add = ({ policy }: { readonly policy: Policy }): void => {
      if (found.has(policy.statements)) return
      found.set(policy.statements, policy)
      if (telling.test(policy.text)) special.push(policy)
    }
    for (const document of documentsOf(world)) add(document)
    for (const levels of [world.organization.scps ?? [], world.organization.rcps ?? []])
      for (const level of levels) for (const document of level) add(document)
    return { all: [...found.values()], telling: special }
  })
}
