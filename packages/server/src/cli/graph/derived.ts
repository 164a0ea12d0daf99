import {
  type Graph,
  labelOf,
  type PathOptions,
  type PathsAnswer,
  type Person,
  StepBudget,
  shortArn,
} from '../../graph/index.ts'
import { print, printError, safe } from '../output.ts'

/** What is asked, and whether derived techniques are asked for anyway. */
interface Asked extends Pick<PathOptions, 'account' | 'retired'> {
  readonly derived?: boolean
  readonly steps: number
}

/** The most principals that are named. */
const mostNames = 8

/** The answers about those of whom nothing else is found, with techniques that are derived from documentation. [GRD-569] */
export function derivedOf(
  graph: Graph,
  people: readonly Parameters<Graph['paths']>[0][],
  to: Person | undefined,
  { derived = false, steps, account, retired = false }: Asked,
): readonly PathsAnswer[] {
  if (derived) return []
  const budget = new StepBudget(steps)
  return people
    .map((from) => graph.paths(from, to, { most: 1, derived: true, retired, account, budget }))
    .filter(isOpen)
}

/** The same for a list: those who come to a goal and are not listed. */
export function derivedComers(
  graph: Graph,
  to: Person | undefined,
  { derived = false, steps, account, retired = false }: Asked,
  listed: ReadonlySet<string>,
): readonly PathsAnswer[] {
  if (derived) return []
  const budget = new StepBudget(steps)
  const all = graph.comers(to, { derived: true, retired, account, budget })
  return all.filter((each) => isOpen(each) && !listed.has(each.from))
}

function isOpen({ verdict }: PathsAnswer): boolean {
  return verdict === 'proven' || verdict === 'conditional'
}

/** Says in one line who comes to the goal by derived techniques alone: beside JSON on the standard error. */
export function sayDerived(answers: readonly PathsAnswer[], output: 'human' | 'json'): void {
  if (answers.length === 0) return
  const named = answers.slice(0, mostNames).map(({ from, verdict, paths: [best] }) => {
    const labels = (best?.steps ?? []).flatMap(({ technique, basis }) =>
      basis === 'derived' ? labelOf(technique) : [],
    )
    return `${shortArn(from)} (${verdict}: ${[...new Set(labels)].join(', ')})`
  })
  const more = answers.length - named.length
  const say = output === 'json' ? printError : print
  say(
    safe(
      `Only by techniques that follow from documentation and were not tried (--derived): ${named.join(', ')}${more > 0 ? `, and ${more} more` : ''}`,
    ) + '\n',
  )
}
