import { type Command, Option } from 'commander'
import {
  type FactView,
  factIn,
  type Graph,
  heldBy,
  heldByText,
  type OutsidePower,
  type OutsiderKind,
  type PathsAnswer,
  type PathView,
  type Power,
  pathView,
  type Reached,
  type StepBudget,
  titleOfOutsider,
  type World,
} from '../../graph/index.ts'
import { print, safe } from '../output.ts'
import { writeTable } from '../table.ts'
import { foldRows } from './fold.ts'
import { areOfSeveral, residualText, shortenerOf } from './words.ts'

/** One principal of a list, and how it comes there. */
export interface Line {
  readonly principal: string
  readonly verdict: string
  readonly steps: number
  readonly isAdministrator?: boolean
  /** How sure it is that it is an administrator, if it is one. */
  readonly administrator?: string
  /** Of what is in no account in view: which kind, and in words. */
  readonly outside?: OutsiderKind
  /** Of what the principal makes. */
  readonly new?: 'user' | 'role'
  readonly title?: string
  readonly path?: PathView
  /** The people and groups that have the role. */
  readonly heldBy?: readonly string[]
  /** Of a call: the one by which the principal lets itself make it, if it needs one. */
  readonly after?: string
  /** Of a call: what no file has, and the call itself depends on. */
  readonly facts?: readonly FactView[]
}

/** The principals that can become a principal, each with its best path. */
export function linesOfReach(graph: Graph, answers: readonly PathsAnswer[]): readonly Line[] {
  return answers.flatMap(({ from, verdict, paths: [best] }) => {
    if (best === undefined) return []
    const outsider = graph.findOutsider(from)
    const path = pathView(graph.world, best)
    const outside = outsider && { outside: outsider.is, title: titleOfOutsider(outsider) }
    const steps = stepsIn(path).length
    const holders = heldBy(graph.world, from)
    const held = holders.length === 0 ? {} : { heldBy: holders }
    return [{ principal: from, verdict, steps, ...outside, path, ...held }]
  })
}

/** The steps that are calls: that a principal is an administrator is none. */
function stepsIn({ steps }: PathView): PathView['steps'] {
  return steps.filter(({ technique }) => technique !== 'administrator')
}

/** The principals that can make a call, each with the steps before it: those that need none come first. */
export function linesOfPowers(world: World, powers: readonly Power[]): readonly Line[] {
  return powers
    .map(({ principal, verdict, steps, residual, facts, after }) => ({
      principal: principal.arn,
      verdict,
      steps: steps.length,
      path: pathView(world, { verdict, steps, residual }),
      ...(after === undefined ? {} : { after }),
      ...(facts.length === 0 ? {} : { facts: facts.map((each) => factIn(each)) }),
    }))
    .sort((one, other) => one.steps - other.steps)
}

/** The principals outside of the accounts that a resource lets make a call. */
export function linesOfOutsiders(world: World, powers: readonly OutsidePower[]): readonly Line[] {
  return powers.map(({ outsider, verdict, residual, facts }) => ({
    principal: outsider.arn,
    verdict,
    steps: 0,
    outside: outsider.is,
    title: titleOfOutsider(outsider),
    path: pathView(world, { verdict, steps: [], residual }),
    ...(facts.length === 0 ? {} : { facts: facts.map((each) => factIn(each)) }),
  }))
}

/** The principals that one principal can become. The names of new ones mean nothing. */
export function linesOfReached(reached: readonly Reached[]): readonly Line[] {
  const isOfSeveral = areOfSeveral(reached.map(({ principal }) => principal.arn))
  return reached.map(({ principal: { arn, account, type }, verdict, steps, isNew, ...rest }) => ({
    principal: arn,
    verdict,
    steps,
    ...rest,
    ...(isNew === true ? { new: type, title: `a new ${type}${isOfSeveral ? ` of ${account}` : ''}` } : {}),
  }))
}

/** The principals whose search ended early and that are not listed: they may belong to the list. */
export function linesOfUnfinished(
  graph: Graph,
  { unfinished }: StepBudget,
  listed: readonly Line[],
): readonly Line[] {
  const known = new Set(listed.map(({ principal }) => principal))
  return [...unfinished].flatMap((principal): readonly Line[] => {
    if (known.has(principal)) return []
    const outsider = graph.findOutsider(principal)
    const outside = outsider && { outside: outsider.is, title: titleOfOutsider(outsider) }
    return [{ principal, verdict: 'undecided', steps: 0, ...outside }]
  })
}

/** How a list is printed. */
export interface LinesOptions {
  readonly output: 'human' | 'json'
  /** Whether principals that are alike are shown one by one. */
  readonly unfold?: boolean
}

/** Adds the options of a list. */
export function addLinesOptions(command: Command): Command {
  return command
    .addOption(
      new Option('--output <format>', 'the format of the output').choices(['human', 'json']).default('human'),
    )
    .option('--unfold', 'show principals that are alike one by one')
}

/** Prints a list for people or for programs. For people, rows that are alike are one. */
export function printLines(
  lines: readonly Line[],
  { output, unfold = false }: LinesOptions,
  isShort = false,
): void {
  if (output === 'json') {
    print(`${JSON.stringify(lines, undefined, 2)}\n`)
    return
  }
  if (lines.length === 0) {
    print(isShort ? 'undecided\n' : 'nobody\n')
    return
  }
  const inside = lines.filter(({ title }) => title === undefined)
  const shorten = shortenerOf(areOfSeveral(inside.map(({ principal }) => principal)))
  const rows = lines.map(({ principal, verdict, steps, title, path, heldBy, ...line }) => ({
    principal: title === undefined ? `${shorten(principal)}${holdersIn(heldBy)}` : safe(title),
    cells: [verdict, String(steps), administratorOf(line) ?? waysOf(path, line.after)],
  }))
  writeTable(
    ['principal', 'verdict', 'steps', lines.some(({ path }) => path !== undefined) ? 'path' : 'power'],
    (unfold ? rows : foldRows(rows)).map(({ principal, cells }) => [principal, ...cells].map(brokenAt)),
    process.stdout,
  )
  for (const { title, path } of lines) {
    if (title === undefined || path === undefined) continue
    for (const residual of path.residual) print(`${safe(title)} ${residualText(residual)}\n`)
  }
}

function holdersIn(holders: readonly string[] = []): string {
  return holders.length === 0 ? '' : `, held by ${safe(heldByText(holders))}`
}

/** The techniques of a path, and the call by which its end lets itself make the call in question. */
function waysOf(path: PathView | undefined, after: string | undefined): string {
  if (path === undefined) return ''
  const taken = stepsIn(path)
  const calls = [...taken.map(({ label }) => label), ...(after === undefined ? [] : [after])]
  if (calls.length === 0) return path.steps.length > 0 ? 'is an administrator' : 'directly'
  return calls.map(safe).join(', ')
}

/** The most characters of a line of a cell, if it is a list. */
const widest = 40

/** A cell in lines, each of which ends with a member of its list. */
function brokenAt(cell: string): readonly string[] {
  const lines: string[] = []
  for (const part of cell.split(/(?<=,) /)) {
    const last = lines.at(-1)
    if (last === undefined || last.length + part.length >= widest) lines.push(part)
    else lines[lines.length - 1] = `${last} ${part}`
  }
  return lines
}

/** How sure it is that a principal of a list is an administrator, in words. */
function administratorOf({ isAdministrator, administrator }: Partial<Line>): string | undefined {
  if (isAdministrator === true) return 'administrator'
  return administrator === undefined ? undefined : `administrator: ${administrator}`
}
