import { type Graph, type PathsAnswer, type Principal, shortArn } from '../graph/index.ts'
import type { Text } from './lesson.ts'

/** A question about one's own account, with its answer by the graph. */
export interface OwnQuestion {
  readonly ask: Text
  readonly options: readonly Text[]
  /** From 1. */
  readonly right: number
  /** The steps, in the names of techniques. */
  readonly because: string
}

/** The most users, and the most roles, that are asked about: a large account takes seconds. */
const askedMost = 40
/** Wrong options of a question. */
const othersMost = 3

/** A number from 0 to below its argument. */
type Draw = (below: number) => number

/**
 * Up to three questions about an account, each decided by the graph; what a missing fact leaves open is not asked. @param draw
 * the place of the right option
 */
export function ownQuestions(graph: Graph, draw: Draw): readonly OwnQuestion[] {
  const users = [...graph.world.users.values()].slice(0, askedMost)
  const roles = [...graph.world.roles.values()].slice(0, askedMost)
  return [
    becoming(graph, [...users, ...roles], draw),
    wearing(graph, roles, users, draw),
    outside(graph, roles, draw),
  ].filter((each) => each !== undefined)
}

/** The principal that can become an administrator by the longest way. */
function becoming(graph: Graph, principals: readonly Principal[], draw: Draw): OwnQuestion | undefined {
  const asked = principals.map((principal) => ({
    principal,
    answer: graph.paths(principal, undefined, { most: 1 }),
  }))
  const out = asked.filter(({ answer }) => isOut(answer))
  const [best] = asked
    .filter(({ answer }) => answer.verdict === 'proven' && techniquesOf(answer).length > 0)
    .sort((one, other) => techniquesOf(other.answer).length - techniquesOf(one.answer).length)
  if (best === undefined) return undefined
  return question(
    { en: 'Who of these can become an administrator?', ja: 'このなかで、管理者になれるのはだれですか。' },
    best.principal,
    out.map(({ principal }) => principal),
    best.answer,
    draw,
  )
}

/** The principals that can become a role. */
function wearing(
  graph: Graph,
  roles: readonly Principal[],
  users: readonly Principal[],
  draw: Draw,
): OwnQuestion | undefined {
  for (const role of roles) {
    const proven = graph.comers(role, { most: 1 }).find(({ verdict, from }) => {
      const principal = graph.find(from)
      return verdict === 'proven' && principal !== undefined && !isAdministrator(graph, principal)
    })
    const comer = proven && graph.find(proven.from)
    if (proven === undefined || comer === undefined) continue
    const others = [...users, ...roles].filter(
      (each) => each !== role && isOut(graph.paths(each, role, { most: 1 })),
    )
    const name = nameOf(role)
    const ask = { en: `Who of these can become ${name}?`, ja: `このなかで、${name} になれるのはだれですか。` }
    const found = question(ask, comer, others, proven, draw)
    if (found !== undefined) return found
  }
  return undefined
}

/** Which role lets a principal from outside in. */
function outside(graph: Graph, roles: readonly Principal[], draw: Draw): OwnQuestion | undefined {
  const asked = roles.map((role) => ({
    role,
    // services are no people: what they may run as is another question
    comers: graph
      .outsideComers(role, { most: 1 })
      .filter(({ from }) => graph.findOutsider(from)?.is !== 'service'),
  }))
  const open = asked.find(({ comers }) =>
    comers.some(({ verdict }) => verdict === 'proven' || verdict === 'conditional'),
  )
  const [comer] = open?.comers ?? []
  if (open === undefined || comer === undefined) return undefined
  return question(
    {
      en: 'Which of these roles lets somebody from outside the account in?',
      ja: 'このなかで、アカウントの外からだれかが入れるロールはどれですか。',
    },
    open.role,
    asked.filter(({ comers }) => comers.every(isOut)).map(({ role }) => role),
    comer,
    draw,
  )
}

function isAdministrator(graph: Graph, principal: Principal): boolean {
  const answer = graph.paths(principal, undefined, { most: 1 })
  return answer.verdict === 'proven' && techniquesOf(answer).length === 0
}

/** Nothing is open, and nothing leads there. */
function isOut({ verdict, incomplete }: PathsAnswer): boolean {
  return incomplete === undefined && (verdict === 'none' || verdict === 'blocked')
}

function techniquesOf({ paths }: PathsAnswer): readonly string[] {
  const [best] = paths
  return (best?.steps ?? []).map(({ technique }) => technique).filter((each) => each !== 'administrator')
}

function question(
  ask: Text,
  right: Principal,
  others: readonly Principal[],
  answer: PathsAnswer,
  draw: Draw,
): OwnQuestion | undefined {
  const wrong = others.filter((each) => each !== right).slice(0, othersMost)
  if (wrong.length === 0) return undefined
  const place = draw(wrong.length + 1)
  const names = wrong.map(nameOf).toSpliced(place, 0, nameOf(right))
  const because = `${shortArn(answer.from)} → ${shortArn(answer.to)}: ${answer.verdict} (${techniquesOf(answer).join(', ')})`
  return { ask, options: names.map((name) => ({ en: name, ja: name })), right: place + 1, because }
}

function nameOf({ type, name }: Principal): string {
  return `${type}/${name}`
}
