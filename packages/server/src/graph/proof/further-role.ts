import type { Asked } from '@omen-iam/policy'
import type { FactBlock, TechniqueNeed, TechniqueTable } from '../../authorization/catalogue/index.ts'
import type { Actor } from '../request/actor.ts'
import { administratorAccess } from '../request/binding.ts'
import { absent } from '../request/request-keys.ts'
import { bareRole, type Role } from '../world/world.ts'
import type { FactOption, FactQuestion } from './fact-option.ts'
import { sourceArnOf, sourceOf } from './source-arn.ts'

/** The most roles that are tried. */
const most = 16

const starting = /^(\S+) starts (\S+) on (?:(new|workload)|resource (\S+))$/

/** The services that a further role is passed to. */
export function furtherServicesOf({ facts, services }: TechniqueTable): readonly string[] {
  const starters = Object.keys(services).filter((name) => services[name]?.starter !== undefined)
  return [...Object.values(facts).flatMap((each) => each?.passes?.service ?? []), ...starters]
}

/** Whether a fact is that a service makes a call with a further role. */
export function isStarted(fact: string): boolean {
  return starting.test(fact)
}

/** Whether a fact is about a further role. */
export function isOfFurtherRole({ facts }: TechniqueTable, fact: string): boolean {
  return facts[fact]?.passes !== undefined || isStarted(fact)
}

/** The roles that trust a service and that an Allow lets the caller pass, by how their ARNs begin. */
function passableTo({ questions, headsFor, noteAlone }: FactQuestion, service: string): readonly Role[] {
  noteAlone()
  const heads = headsFor('iam:PassRole')
  return questions.index
    .trustingService(service)
    .filter(({ arn }) => heads.some((head) => arn.startsWith(head)))
}

/**
 * A call must pass a further role besides the target: one that trusts a service, and that the caller may pass to it. It may
 * be a new one, which is given what it needs.
 */
export function furtherRole(
  question: FactQuestion,
  fact: string,
  { service, policy }: NonNullable<FactBlock['passes']>,
): readonly FactOption[] {
  const { questions, technique, known } = question
  const call = technique.needs[0]?.action ?? technique.ways[0]?.needs[0]?.action ?? fact
  const existing = passableTo(question, service)
    .slice(0, most)
    .map(
      (role): FactOption => ({
        facts: [{ fact, says: 'value', of: { value: role.arn }, known: 'details' }],
        needs: [],
        askedWith: (actor) => [
          questions.passRole({ actor, technique, known, binding: {} }, role, service, call),
          questions.serviceTrust(role, service, undefined),
        ],
      }),
    )
  return [...existing, ...newRoles(question, fact, { service, policy, call })]
}

/**
 * A rule of EventBridge, or a schedule, makes a call of the technique: with a further role, which the caller passes to it and
 * which may make the call. Amazon ECS asks that role for iam:PassRole as well. [PSR-28, PSR-29]
 */
export function started(question: FactQuestion, fact: string): readonly FactOption[] {
  const [, by = '', action = '', is, type = ''] = starting.exec(fact) ?? []
  const { questions, known, ask, passFor, askAs, mayAsk } = question
  const service = `${by}.amazonaws.com`
  const { starter: maker = '' } = questions.table.services[service] ?? {}
  if (!mayAsk(maker) || !mayAsk('iam:PassRole')) return []
  const on: TechniqueNeed['on'] =
    is === undefined ? { is: 'resource', type } : { is: is === 'new' ? 'new' : 'workload' }
  const [making = []] = ask({ action: maker, on: { is: 'new' } })
  const source = sourceArnOf(making, questions.world, known)
  const roles = passableTo(question, service).filter(({ isServiceLinked }) => !isServiceLinked)
  return roles.slice(0, most).flatMap((role) =>
    askAs(role, { action, on }).map((asked) => ({
      facts: [
        {
          fact: 'starts',
          says: 'makes',
          of: { service: by, call: action, role: role.arn },
          known: 'details' as const,
        },
      ],
      needs: [],
      asked,
      askedWith: (caller: Actor) => [
        passFor(caller, role, service, maker, sourceOf(making)),
        questions.serviceTrust(role, service, source),
      ],
    })),
  )
}

/** The ways to make such a role: with a policy that is written, or with one of AWS that is attached. */
function* newRoles(
  question: FactQuestion,
  fact: string,
  { service, policy, call }: { readonly service: string; readonly policy: string; readonly call: string },
): Generator<FactOption> {
  const { questions, mayAsk } = question
  if (!mayAsk('iam:CreateRole')) return
  const { world } = questions
  const { partition, account } = world
  const boundary = { 'iam:PermissionsBoundary': absent }
  const on = { is: 'new' } as const
  const attach = (arn: string): TechniqueNeed => ({
    action: 'iam:AttachRolePolicy',
    on,
    with: { ...boundary, 'iam:PolicyARN': arn },
  })
  const giving: readonly TechniqueNeed[] = [
    { action: 'iam:PutRolePolicy', on, with: boundary },
    attach(administratorAccess(world)),
    attach(`arn:${partition}:iam::aws:policy/service-role/${policy}`),
  ]
  const role = bareRole(`arn:${partition}:iam::${account}:role/omen-${fact}`)
  for (const gives of giving)
    if (mayAsk(gives.action))
      yield {
        facts: [{ fact, says: 'made', known: 'details' }],
        needs: [{ action: 'iam:CreateRole', on, with: boundary }, gives],
        askedWith: (caller) => [
          ...passed(question, caller, service, call),
          questions.serviceTrust(role, service, undefined, true),
        ],
      }
}

/** The request that passes a new role to a service. */
function passed(
  { questions, technique, known }: FactQuestion,
  actor: Actor,
  service: string,
  call: string,
): readonly Asked[] {
  const need: TechniqueNeed = { action: 'iam:PassRole', on: { is: 'new' } }
  const binding = { context: { 'iam:PassedToService': service } }
  const [first = []] = questions.ask({ actor, technique, known, binding }, need) ?? []
  return first.map((asked) => ({ ...asked, call }))
}
