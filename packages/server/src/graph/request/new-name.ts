import { type Answer, type Asked, combine, compile, type PolicySource, parsePolicy } from '@omen-iam/policy'
import { type CallBlock, type Technique, techniqueTable } from '../../authorization/catalogue/index.ts'
import type { WorldIndex } from '../world/world-index.ts'
import { requirementsOf } from './binding.ts'

type Makes = NonNullable<CallBlock['makes']>

/** The kind of what a call makes of a name that nothing of its kind may have yet, with the longest name. */
function madeBy(action: string): Makes | undefined {
  return techniqueTable().calls[action]?.makes
}

let known: readonly string[] | undefined

/** All such calls. */
function makers(): readonly string[] {
  known ??= Object.keys(techniqueTable().calls).filter((action) => madeBy(action) !== undefined)
  return known
}

/** Whether the answer to a use of a technique depends on which names exist. */
export function dependsOnNames(technique: Technique): boolean {
  let depends = dependent.get(technique)
  if (depends === undefined) {
    depends = requirementsOf(technique).some(({ action }) => madeBy(action) !== undefined)
    dependent.set(technique, depends)
  }
  return depends
}

const dependent = new WeakMap<Technique, boolean>()

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
  const parsed = parsePolicy(
    JSON.stringify({
      Version: '2012-10-17',
      Statement: [{ Effect: 'Deny', Action: makers(), Resource: taken }],
    }),
    'identity',
    { lenient: true },
  )
  if (!parsed.ok) throw new Error('a policy about names that exist cannot be read')
  return { policy: parsed.policy, source: { type: 'none', name: 'a name that exists' } }
}
