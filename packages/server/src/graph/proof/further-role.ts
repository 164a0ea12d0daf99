import { headsOf } from '../request/candidates.ts'
import type { FactOption } from './fact-option.ts'
import type { Check } from './fact-resource.ts'

/** The most roles that are tried. */
const most = 16

/** Facts that a further role is passed, with the service that it is for. [PSR-8] */
export const furtherRoles: Readonly<Record<string, string>> = {
  emrServiceRole: 'elasticmapreduce.amazonaws.com',
  spotFleetRole: 'spotfleet.amazonaws.com',
  ecsInfrastructureRole: 'ecs.amazonaws.com',
}

/** A call must pass a further role besides the target: one that trusts a service, and that the caller may pass to it. */
export function furtherRole(service: string): Check {
  return ({ questions, actor, technique, known }, fact) => {
    const heads = headsOf(questions.world, actor.variant, 'iam:PassRole')
    const roles = questions.index
      .trustingService(service)
      .filter(({ arn }) => heads.some((head) => arn.startsWith(head)))
    const call = technique.needs[0]?.action ?? technique.ways[0]?.needs[0]?.action ?? fact
    return roles.slice(0, most).map(
      (role): FactOption => ({
        facts: [{ fact, value: role.arn, known: 'details' }],
        needs: [],
        askedWith: (mfa) => [
          questions.passRole(actor, technique, role, service, known, mfa, call),
          questions.serviceTrust(role, service, undefined),
        ],
      }),
    )
  }
}
