import type { Asked } from '@omen-iam/policy'
import type { Finding } from '../proof/finding.ts'
import type { Actor } from '../request/actor.ts'
import { held, type Use } from '../request/binding.ts'
import { passedOn } from '../request/carried.ts'
import type { Binding } from '../request/request-keys.ts'
import type { Role } from '../world/world.ts'
import { assumable } from './assumption.ts'
import { namesOfOpened } from './session-names.ts'
import { namedFor, type OwnUse, passable, plain, resourcesOf, type UseQuestion } from './targets.ts'

/** Roles whose trust the attacker writes. */
export function trustUses(question: UseQuestion): Iterable<OwnUse> {
  return plain(question, writings(question))
}

function* writings(question: UseQuestion): Generator<Use> {
  const { shared, prover, technique, actor } = question
  const self = actor.variant.principal
  for (const role of namedFor(question, technique.needs[0]?.action ?? '', 'roles')) {
    if (role.type !== 'role' || role.arn === self.arn) continue
    const binding = (name?: string): Binding => ({
      target: role,
      more: (caller) => prover.questions.assume(caller, role, { own: true, name }),
      moreKey: name === undefined ? 'own' : `own ${name}`,
    })
    const find = (): Finding => prover.prove(actor, technique, binding())
    for (const name of namesOfOpened({ shared, actor, role }, find)) {
      const carried = passedOn(actor.variant.carried)
      const outcome = held(role, 'assumed', name === undefined ? carried : { ...carried, name })
      yield { binding: binding(name), outcome, to: role.arn }
    }
  }
}

/** Roles whose identity provider the attacker changes. */
export function federationUses(question: UseQuestion): Iterable<OwnUse> {
  return plain(question, federations(question))
}

function* federations({ shared, technique, actor, prover, only, isWanted }: UseQuestion): Generator<Use> {
  const { index } = shared
  const isSaml = technique.id === 'open.saml-provider'
  const isOfKind = (provider: string): boolean =>
    provider.includes(isSaml ? ':saml-provider/' : ':oidc-provider/')
  const action = isSaml ? 'sts:AssumeRoleWithSAML' : 'sts:AssumeRoleWithWebIdentity'
  const roles = index.providers.filter(isOfKind).flatMap((provider) => index.trustingProvider(provider))
  for (const role of new Set(roles)) {
    if (role.arn === actor.variant.principal.arn || (only !== undefined && role !== only)) continue
    if (isWanted?.(role) === false) continue
    for (const provider of new Set(index.trustedBy(role).providers.filter(isOfKind)))
      yield {
        binding: {
          target: role,
          provider,
          more: () => [prover.questions.federatedTrust(role, provider, action)],
          moreKey: action,
        },
        outcome: held(role, 'assumed'),
        to: role.arn,
      }
  }
}

/**
 * Stack sets: the administration role assumes the execution role, whose power is reached. A customized administration role is
 * passed. Who names none makes stacks with the role of a fixed name, and passes none.
 * Source: https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/stacksets-prereqs-self-managed.html [GRD-733]
 */
export function* stackSetUses(question: UseQuestion): Generator<OwnUse> {
  const { technique, actor, prover } = question
  const bound = resourcesOf(question)
  const { shared } = question
  for (const administration of shared.roles(actor, technique, () => administrations(question))) {
    prover.budget.look()
    const ofWorkloads: Actor = { variant: prover.variantOf(administration), form: 'service' }
    for (const execution of assumable({ ...question, actor: ofWorkloads })) {
      const more = (): readonly Asked[] => prover.questions.assume(ofWorkloads, execution, {})
      for (const resources of bound) {
        const binding = { target: administration, resources, more, stacksIn: execution.account }
        yield {
          technique,
          use: { binding, outcome: held(execution, 'service'), to: execution.arn },
          prove: (_, by = actor) => prover.prove(by, technique, binding),
        }
      }
    }
  }
}

const defaultAdministration = 'role/AWSCloudFormationStackSetAdministrationRole'

/** The roles that administer stack sets for an actor, and that may assume others: an Allow names these, or they name the role. */
function administrations(question: UseQuestion): readonly Role[] {
  const { shared, prover, technique } = question
  const { index, neighbours } = shared
  const found: Role[] = []
  const anyone = { ...question, only: undefined, isWanted: undefined }
  for (const role of passable(anyone)) {
    if (technique.passesTo === undefined && !role.arn.endsWith(`:${defaultAdministration}`)) continue
    const mayAssume = (): boolean =>
      shared.heads({ variant: prover.variantOf(role), form: 'service' }, 'sts:AssumeRole').length > 0
    if (index.namingPrincipal(role).length + neighbours.naming(role).length > 0 || mayAssume())
      found.push(role)
  }
  return found
}
