import type { Asked } from '@omen-iam/policy'
import type { Technique } from '../authorization/catalogue/index.ts'
import { thingsOf, type Use } from './binding.ts'
import { sessionName } from './form.ts'
import { better, type Finding, type Prover } from './prove.ts'
import type { Actor, AssumeMore } from './trust-question.ts'
import type { Person, Role, World } from './world.ts'

/** A use that is asked in a way of its own. */
export interface OwnUse {
  readonly technique: Technique
  readonly use: Use
  /** Asks for it; with another target, one whose tags the attacker has written. */
  readonly prove: (target?: Person) => Finding
}

/** Every role that an actor may assume, by the trust policies as they are. */
export function assumptions(
  world: World,
  technique: Technique,
  actor: Actor,
  people: readonly Person[],
  prover: Prover,
): readonly OwnUse[] {
  const self = actor.variant.person
  return people.flatMap((role): readonly OwnUse[] => {
    if (role.type !== 'role' || role.arn === self.arn || role.isServiceLinked || role.trust === undefined)
      return []
    return [
      {
        technique,
        use: {
          binding: { target: role },
          outcome: { is: 'held', person: role, form: actor.form === 'mfa' ? 'mfa' : 'assumed' },
          to: role.arn,
        },
        prove: (target) => assumption(world, actor, target?.type === 'role' ? target : role, prover),
      },
    ]
  })
}

function assumption(world: World, actor: Actor, role: Role, prover: Prover): Finding {
  let best: Finding
  for (const session of sessionsOf(world, actor)) {
    for (const more of mores) {
      const found = prover.proveAsked(
        (mfa) => [requestsOf(actor, role, prover, { session, more, mfa })],
        actor,
      )
      best = better(best, found)
      if (best?.verdict === 'proven') return best
    }
  }
  return best
}

const mores: readonly AssumeMore[] = ['nothing', 'identity', 'tags']

function requestsOf(
  actor: Actor,
  role: Role,
  { questions }: Prover,
  options: { readonly session: string; readonly more: AssumeMore; readonly mfa: boolean },
): readonly Asked[] {
  const assume = questions.assume(actor, role, 'sts:AssumeRole', options)
  switch (options.more) {
    case 'nothing':
      return [assume]
    case 'identity':
      return [assume, questions.assume(actor, role, 'sts:SetSourceIdentity', options)]
    case 'tags':
      return [assume, questions.assume(actor, role, 'sts:TagSession', options)]
  }
}

/** The attacker names its sessions: a trust policy may name one. */
function sessionsOf(world: World, { variant, form }: Actor): readonly string[] {
  const { person } = variant
  if (person.type !== 'role' || form === 'service') return [sessionName]
  const prefix = `:assumed-role/${person.name}/`
  const named = new Set<string>()
  for (const { trust } of world.roles.values()) {
    for (const statement of trust?.policy.statements ?? []) {
      for (const { value } of statement.principal?.entries ?? []) {
        const at = value.indexOf(prefix)
        if (at !== -1 && named.size < 10) named.add(value.slice(at + prefix.length))
      }
    }
  }
  return [sessionName, ...named]
}

/** Roles whose trust the attacker writes, or whose identity provider. */
export function trustUses(
  technique: Technique,
  actor: Actor,
  people: readonly Person[],
  prover: Prover,
): readonly OwnUse[] {
  const self = actor.variant.person
  const roles = people.flatMap((person) => (person.type === 'role' && person.arn !== self.arn ? person : []))
  const uses = roles.flatMap((role): readonly Use[] => {
    if (technique.effect === 'federates') return federations(technique, role, prover)
    const more = (mfa: boolean): readonly Asked[] => [
      prover.questions.assume(actor, role, 'sts:AssumeRole', { mfa, own: true, more: 'nothing' }),
    ]
    return [
      {
        binding: { target: role, more },
        outcome: { is: 'held', person: role, form: actor.form === 'mfa' ? 'mfa' : 'assumed' },
        to: role.arn,
      },
    ]
  })
  return uses.map((use) => ({
    technique,
    use,
    prove: (target) =>
      prover.prove(actor, technique, target === undefined ? use.binding : { ...use.binding, target }),
  }))
}

function federations(technique: Technique, role: Role, { questions }: Prover): readonly Use[] {
  const kind = technique.id === 'open.saml-provider' ? 'saml-provider' : 'oidc-provider'
  const action = kind === 'saml-provider' ? 'sts:AssumeRoleWithSAML' : 'sts:AssumeRoleWithWebIdentity'
  const providers = new Set<string>()
  for (const { effect, principal } of role.trust?.policy.statements ?? []) {
    if (effect !== 'Allow') continue
    for (const { type, value } of principal?.entries ?? [])
      if (type === 'Federated' && value.includes(`:${kind}/`)) providers.add(value)
  }
  return [...providers].map((provider) => ({
    binding: { target: role, provider, more: () => [questions.federatedTrust(role, provider, action)] },
    outcome: { is: 'held', person: role, form: 'assumed' },
    to: role.arn,
  }))
}

/**
 * Stack sets: the administration role that is passed assumes the execution role, whose power is reached. iam:PassRole is
 * asked for the administration role.
 */
export function stackSetUses(
  world: World,
  technique: Technique,
  actor: Actor,
  people: readonly Person[],
  prover: Prover,
): readonly OwnUse[] {
  const roles = people.flatMap((person) => (person.type === 'role' ? person : []))
  return roles.flatMap((administration) =>
    roles
      .filter(({ arn }) => arn !== administration.arn)
      .flatMap((execution) =>
        thingsOf(world, technique).map((things): OwnUse => {
          const worn: Actor = { variant: prover.variantOf(administration), form: 'service' }
          const more = (): readonly Asked[] => [
            prover.questions.assume(worn, execution, 'sts:AssumeRole', { mfa: false, more: 'nothing' }),
          ]
          const binding = { target: administration, things, more }
          return {
            technique,
            use: { binding, outcome: { is: 'held', person: execution, form: 'service' }, to: execution.arn },
            prove: () => prover.prove(actor, technique, binding),
          }
        }),
      ),
  )
}
