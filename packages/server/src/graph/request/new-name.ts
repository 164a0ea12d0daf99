import { type Answer, type Asked, combine, compile, type PolicySource } from '@omen-iam/policy'
import {
  type CallBlock,
  type Technique,
  type TechniqueTable,
  techniqueTable,
} from '../../authorization/catalogue/index.ts'
import { perObject } from '../../base/index.ts'
import type { WorldIndex } from '../world/world-index.ts'
import { writtenPolicy } from '../world/written-policy.ts'
import { requirementsOf } from './binding.ts'

type Makes = NonNullable<CallBlock['makes']>

/** The kind of what a call makes of a name that nothing of its kind may have yet, with the longest name. */
function madeBy(action: string): Makes | undefined {
  return techniqueTable().calls[action]?.makes
}

/** All such calls. */
const makers = perObject(({ calls }: TechniqueTable) =>
  Object.keys(calls).filter((action) => calls[action]?.makes),
)

/** Whether the answer to a use of a technique depends on which names exist. */
export const dependsOnNames = perObject((technique: Technique): boolean =>
  requirementsOf(technique).some(({ action }) => madeBy(action) !== undefined),
)

/** So many names that exist are tried before the search gives up. */
const mostTries = 12

/** The answer with names that do not exist for what is made: IAM takes no name twice, in whatever case it is written. */
export function answerWithNewNames(
  index: WorldIndex,
  asked: readonly Asked[],
  answerTo: (asked: readonly Asked[]) => Answer,
): Answer {
  if (!asked.some(({ request }) => madeBy(request.action) !== undefined)) return answerTo(asked)
  const taken: string[] = []
  for (let tries = 0; tries < mostTries; tries++) {
    const answer = answerTo(taken.length === 0 ? asked : asked.map((each) => withoutNames(each, taken)))
    if (answer.verdict !== 'proven' && answer.verdict !== 'conditional') {
      // Refused because nothing but names that exist is allowed.
      return answer.verdict === 'blocked' && taken.length > 0 ? { ...answer, isGranted: true } : answer
    }
    const impossible = answer.requests.flatMap(({ action, resource }) => {
      const makes = madeBy(action)
      return makes === undefined ? [] : (impossibleName(makes, resource, index) ?? [])
    })
    if (impossible[0] === undefined) return answer
    taken.push(impossible[0])
  }
  return { verdict: 'undecided', reason: 'budget', steps: mostTries, what: 'a name that does not exist' }
}

/** The pattern of names that IAM does not take, if this is one of them. */
function impossibleName({ kind, longest }: Makes, arn: string, index: WorldIndex): string | undefined {
  const reserved = /^arn:[^:]*:iam::\d*:role\/aws-service-role\//.exec(arn)?.[0]
  if (reserved !== undefined) return `${reserved}*`
  const isTooLong = arn.length - arn.lastIndexOf('/') - 1 > longest
  return isTooLong || index.exists(kind, arn) ? arn : undefined
}

/** The same request; if it makes something, it is refused for ARNs of some patterns. */
export function withoutNames(asked: Asked, taken: readonly string[]): Asked {
  const { request, policies } = asked
  if (madeBy(request.action) === undefined) return asked
  const layer = compile({ identity: [...(policies.identity?.policies ?? []), denyOf(taken)] })
  return { ...asked, policies: combine(policies, layer) }
}

function denyOf(taken: readonly string[]): PolicySource {
  const deny = { Effect: 'Deny', Action: makers(techniqueTable()), Resource: taken }
  return { policy: writtenPolicy(deny, 'identity'), source: { type: 'none', name: 'a name that exists' } }
}
