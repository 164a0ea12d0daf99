import { trace } from '@omen-iam/policy'
import { type Judged, storedDocument } from '../authorization/index.ts'
import { type Role, roles, users } from '../directory/index.ts'
import { judgePass } from '../gate/index.ts'
import type { RunningOmen } from '../index.ts'
import type { OwnQuestion } from './own-account.ts'

/** The most users and roles that are asked about, and the most roles that are handed. */
const most = { people: 40, handed: 20 } as const

/** A case of "can X hand R to S", with both halves of its answer. */
interface Case {
  readonly person: string
  readonly role: string
  readonly service: string
  readonly may: boolean
  readonly trusts: boolean
}

/**
 * A question about handing a role over, of an account that a server holds: whether a user or role may pass it to a service that
 * some role trusts. Cases whose answer hangs on a condition of the request are left out. The case with one half alone comes first.
 */
export function passQuestion(omen: RunningOmen): OwnQuestion | undefined {
  const { deps } = omen.omen
  const account = deps.directory.loaded(deps.firstAccount)
  if (account === undefined) return undefined
  const handed = [...account.table(roles).values()]
    .filter((role) => servicesOf(role).length > 0)
    .slice(0, most.handed)
  const services = [...new Set(handed.flatMap(servicesOf))]
  const people = [
    // a server has an admin of its own
    ...[...account.table(users).values()].flatMap(({ name }) => (name === 'admin' ? [] : [`user/${name}`])),
    ...[...account.table(roles).values()].map(({ name }) => `role/${name}`),
  ].slice(0, most.people)
  const cases: Case[] = []
  for (const person of people) {
    const call = omen.as(person).call()
    for (const role of handed)
      for (const service of services) {
        const { mayPass, trust } = judgePass(role, service, call)
        if (hangsOnCondition(mayPass) || hangsOnCondition(trust.judged)) continue
        const may = mayPass.decision.outcome === 'allowed'
        const trusts = trust.judged.decision.outcome === 'allowed'
        cases.push({ person, role: `role/${role.name}`, service, may, trusts })
      }
  }
  const isHalf = ({ may, trusts }: Case) => may && !trusts
  const found = cases.find(isHalf) ?? cases.find(({ may, trusts }) => may && trusts)
  return found && questionOf(found)
}

function questionOf({ person, role, service, may, trusts }: Case): OwnQuestion {
  return {
    ask: {
      en: `Can ${person} hand ${role} to ${service}?`,
      ja: `${person} は ${role} を ${service} に渡せますか。`,
    },
    options: [
      { en: 'yes: both halves are there', ja: '渡せる。両方の半分がそろっている' },
      { en: `no: ${person} may not pass it`, ja: `渡せない。${person} に渡す許可がない` },
      { en: `no: ${role} does not trust ${service}`, ja: `渡せない。${role} が ${service} を信頼していない` },
    ],
    right: may && trusts ? 1 : may ? 3 : 2,
    because: `iam:PassRole: ${may ? 'allowed' : 'denied'}; sts:AssumeRole by ${service}: ${trusts ? 'allowed' : 'denied'}`,
  }
}

/** The services that a role's trust policy names. */
function servicesOf(role: Role): readonly string[] {
  const named = (storedDocument(role.trust, 'trust')?.statements ?? []).flatMap(({ principal }) =>
    (principal?.negated === true ? [] : (principal?.entries ?? [])).flatMap(({ type, value }) =>
      type === 'Service' && value !== '*' ? [value] : [],
    ),
  )
  return [...new Set(named)]
}

/** Whether a statement would count if the request had other condition keys. */
function hangsOnCondition({ request, policies }: Judged): boolean {
  return trace(request, policies).layers.some(({ policies: traced }) =>
    traced.some(({ statements }) => statements.some(({ failed }) => failed?.element === 'Condition')),
  )
}
