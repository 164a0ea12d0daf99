import { type Answer, type Asked, combine, compile, type PolicySource, parsePolicy } from '@omen-iam/policy'
import type { Technique } from '../../authorization/catalogue/index.ts'
import type { NamedKind as Kind, WorldIndex } from '../world/world-index.ts'
import { requirementsOf } from './binding.ts'

/** Calls that make something of a name that nothing of its kind may have yet. */
const makes: Readonly<Record<string, Kind | undefined>> = {
  'iam:CreateUser': 'user',
  'iam:CreateRole': 'role',
  'iam:CreatePolicy': 'policy',
  'iam:CreateGroup': 'group',
  'iam:CreateInstanceProfile': 'instance-profile',
}

/** The most characters of a name, without its path. */
const longest: Readonly<Record<Kind, number>> = {
  user: 64,
  role: 64,
  policy: 128,
  group: 128,
  'instance-profile': 128,
}

/** Whether the answer to a use of a technique depends on which names exist. */
export function dependsOnNames(technique: Technique): boolean {
  let depends = dependent.get(technique)
  if (depends === undefined) {
    depends = requirementsOf(technique).some(({ action }) => makes[action] !== undefined)
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
  if (!asked.some(({ request }) => makes[request.action] !== undefined)) return answerTo(asked)
  const taken: string[] = []
  for (let tries = 0; tries < mostTries; tries++) {
    const answer = answerTo(taken.length === 0 ? asked : asked.map((each) => withoutNames(each, taken)))
    if (answer.verdict !== 'proven' && answer.verdict !== 'conditional') {
      // Refused because nothing but names that exist is allowed.
      return answer.verdict === 'blocked' && taken.length > 0 ? { ...answer, isGranted: true } : answer
    }
    const impossible = answer.requests.flatMap(({ action, resource }) => {
      const kind = makes[action]
      return kind === undefined ? [] : (impossibleName(kind, resource, index) ?? [])
    })
    if (impossible[0] === undefined) return answer
    taken.push(impossible[0])
  }
  return { verdict: 'undecided', reason: 'budget', steps: mostTries, what: 'a name that does not exist' }
}

/** The pattern of names that IAM does not take, if this is one of them. */
function impossibleName(kind: Kind, arn: string, index: WorldIndex): string | undefined {
  const reserved = /^arn:[^:]*:iam::\d*:role\/aws-service-role\//.exec(arn)?.[0]
  if (reserved !== undefined) return `${reserved}*`
  const isTooLong = arn.length - arn.lastIndexOf('/') - 1 > longest[kind]
  return isTooLong || index.exists(kind, arn) ? arn : undefined
}

/** The same request; if it makes something, it is refused for ARNs of some patterns. */
export function withoutNames(asked: Asked, taken: readonly string[]): Asked {
  const { request, policies } = asked
  if (makes[request.action] === undefined) return asked
  const layer = compile({ identity: [...(policies.identity?.policies ?? []), denyOf(taken)] })
  return { ...asked, policies: combine(policies, layer) }
}

function denyOf(taken: readonly string[]): PolicySource {
  const parsed = parsePolicy(
    JSON.stringify({
      Version: '2012-10-17',
      Statement: [{ Effect: 'Deny', Action: Object.keys(makes), Resource: taken }],
    }),
    'identity',
    { lenient: true },
  )
  if (!parsed.ok) throw new Error('a policy about names that exist cannot be read')
  return { policy: parsed.policy, source: { type: 'none', name: 'a name that exists' } }
}
