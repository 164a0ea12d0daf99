import {
  type PathsAnswer,
  type PathView,
  type Power,
  pathView,
  type Reached,
  type World,
} from '../../graph/index.ts'
import { print, safe } from '../output.ts'
import { writeTable } from '../table.ts'

/** One principal of a list, and how it comes there. */
export interface Line {
  readonly principal: string
  readonly verdict: string
  readonly steps: number
  readonly isAdministrator?: boolean
  readonly path?: PathView
}

/** Those that can become a principal, each with its best path. */
export function linesOfReach(world: World, answers: readonly PathsAnswer[]): readonly Line[] {
  return answers.flatMap(({ from, verdict, paths: [best] }) =>
    best === undefined
      ? []
      : [{ principal: from, verdict, steps: best.steps.length, path: pathView(world, best) }],
  )
}

/** Those that can make a call, each with the steps before it. */
export function linesOfPowers(world: World, powers: readonly Power[]): readonly Line[] {
  return powers.map(({ person, verdict, steps, residual }) => ({
    principal: person.arn,
    verdict,
    steps: steps.length,
    path: pathView(world, { verdict, steps, residual }),
  }))
}

/** Those that one principal can become. */
export function linesOfReached(reached: readonly Reached[]): readonly Line[] {
  return reached.map(({ person, verdict, steps, isAdministrator }) => ({
    principal: person.arn,
    verdict,
    steps,
    isAdministrator,
  }))
}

/** Prints a list for people or for programs. */
export function printLines(lines: readonly Line[], output: 'human' | 'json'): void {
  if (output === 'json') {
    print(`${JSON.stringify(lines, undefined, 2)}\n`)
    return
  }
  if (lines.length === 0) {
    print('nobody\n')
    return
  }
  writeTable(
    ['principal', 'verdict', 'steps', ''],
    lines.map(({ principal, verdict, steps, isAdministrator, path }) => [
      [safe(/^arn:[^:]*:iam::\d*:(.+)$/.exec(principal)?.[1] ?? principal)],
      [verdict],
      [String(steps)],
      [
        isAdministrator === true
          ? 'administrator'
          : (path?.steps.map(({ technique }) => safe(technique)).join(', ') ?? ''),
      ],
    ]),
    process.stdout,
  )
}
