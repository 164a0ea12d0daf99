import {
  type DifferenceRow,
  difference,
  type Policy,
  type PolicyKind,
  type Statement,
} from '@omen-iam/policy'
import { type Command, Option } from 'commander'
import { actionsLike, resourcesLike, valueTypeOf } from '../../authorization/index.ts'
import { badSyntax, exitCodes } from '../failure.ts'
import { print, safe } from '../output.ts'
import { kindOf, kindOption, parsedPolicy, readPolicyFile } from '../policy-file.ts'

interface DiffOptions {
  readonly kind?: PolicyKind
  readonly both?: boolean
  readonly output: 'human' | 'json'
}

/** `omen policy diff`: what one version of a policy allows and the other does not. */
export function addPolicyDiff(policy: Command): void {
  policy
    .command('diff')
    .description('tell what the second policy allows that the first did not; exit 1 where there is something')
    .argument('<first>', 'a file, or - for standard input')
    .argument('<second>', 'a file, or - for standard input')
    .option('--both', 'also what the first allows that the second does not')
    .addOption(kindOption())
    .addOption(new Option('--output <format>', 'how to write it').choices(['human', 'json']).default('human'))
    .action((first: string, second: string, options: DiffOptions) => {
      if (first === '-' && second === '-') throw badSyntax('only one of the two can be standard input')
      const files = [readPolicyFile(first), readPolicyFile(second)] as const
      const kind = options.kind ?? kindOf(files[0], undefined)
      const [before, after] = [parsedPolicy(files[0], kind), parsedPolicy(files[1], kind)]
      const added = rowsOf(before, after)
      const removed = options.both ? rowsOf(after, before) : []
      if (options.output === 'json') {
        const views = {
          added: added.map(viewRow),
          ...(options.both ? { removed: removed.map(viewRow) } : {}),
        }
        print(`${JSON.stringify(views, null, 2)}\n`)
      } else {
        print(added.map((row) => human(row, '+')).join(''))
        print(removed.map((row) => human(row, '-')).join(''))
        if (added.length + removed.length === 0) print(nothing(options.both === true))
      }
      if (added.length + removed.length > 0) process.exitCode = exitCodes.no
    })
}

function rowsOf(before: Policy, after: Policy): readonly DifferenceRow[] {
  return difference(before, after, {
    actions: actionsLike,
    resources: resourcesLike,
    keyType: valueTypeOf,
  })
}

function nothing(both: boolean): string {
  return both ? 'They allow the same.\n' : 'The second allows nothing that the first does not.\n'
}

/** A row that no example proves may be empty, and says so by its mark. */
function human(row: DifferenceRow, sign: '+' | '-'): string {
  const { example } = row
  const lines = [`${sign}${example === undefined ? '?' : ' '} ${whatOf(row)}`, `    ${whyOf(row)}`]
  if (row.except.length > 0) lines.push(`    but for what ${row.except.map(placeOf).join(' and ')} denies`)
  if (example === undefined) lines.push('    perhaps: no request was found that proves it')
  else {
    const keys = row.statement.condition
      .map(({ key }) => [key, example.context.get(key)] as const)
      .filter(([, value]) => value !== undefined)
    const where = new Map(keys.map(([key, value]) => [key, `${key} is ${[value].flat().join(' and ')}`]))
    const when = where.size === 0 ? '' : `, where ${[...where.values()].join(', ')}`
    lines.push(`    for example ${example.action} on ${example.resource}${when}`)
  }
  return `${lines.map(safe).join('\n')}\n`
}

function whatOf({ actions, notActions, resources, notResources, principals }: DifferenceRow): string {
  const what = `${notActions ? 'everything except ' : ''}${actions.join(', ')}`
  const on =
    resources === undefined ? '' : ` on ${notResources ? 'everything except ' : ''}${resources.join(', ')}`
  const who = principals === undefined ? '' : ` by ${principals.map(({ value }) => value).join(', ')}`
  return `${what}${on}${who}`
}

function whyOf({ kind, statement, before }: DifferenceRow): string {
  const others = before.map(placeOf).join(' and ')
  switch (kind) {
    case 'new':
      return `${placeOf(statement)} allows it; nothing in the other does`
    case 'wider':
      return `${placeOf(statement)} allows it; of the other ${others} allows a part`
    case 'conditions':
      return `${placeOf(statement)} allows it; of the other ${others} does under other conditions`
    case 'lifted':
      return `${placeOf(statement)} of the other denies it`
  }
}

function placeOf({ sid, index, span: { start } }: Statement): string {
  return `${sid ? `Sid ${sid}` : `statement ${index + 1}`} (line ${start.line})`
}

function viewRow(row: DifferenceRow) {
  const {
    kind,
    statement,
    actions,
    notActions,
    resources,
    notResources,
    principals,
    before,
    except,
    example,
  } = row
  return {
    kind,
    certain: example !== undefined,
    statement: viewPlace(statement),
    [notActions ? 'notActions' : 'actions']: actions,
    ...(resources === undefined ? {} : { [notResources ? 'notResources' : 'resources']: resources }),
    ...(principals === undefined
      ? {}
      : { principals: principals.map(({ type, value }) => ({ type, value })) }),
    conditions: statement.condition.map(({ operator, key, values }) => ({
      operator,
      key,
      values: values.map(({ value }) => value),
    })),
    allowedInPart: before.map(viewPlace),
    except: except.map(viewPlace),
    ...(example === undefined
      ? {}
      : {
          example: {
            action: example.action,
            resource: example.resource,
            context: Object.fromEntries(example.context.entries()),
          },
        }),
  }
}

function viewPlace({ sid, index, span: { start } }: Statement) {
  return { ...(sid === undefined ? {} : { sid }), index, line: start.line, column: start.column }
}
