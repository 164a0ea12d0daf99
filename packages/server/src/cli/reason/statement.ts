import { safe } from '../output.ts'
import type { ReasonWords } from '../words/reason.ts'
import { type ConditionView, listed, type StatementView } from './view.ts'

/** A line of a statement that is laid out. */
export interface LaidLine {
  readonly text: string
  /** Whether the deciding part is on it. */
  readonly marked: boolean
  /** Notes on it, on lines of their own. */
  readonly notes: readonly string[]
}

/** A place in the statement, the note there, and the value that must be shown. */
export interface Mark {
  readonly path: readonly string[]
  readonly notes: readonly string[]
  readonly value?: string
}

/** Values of a list that are shown. */
const mostValues = 5

/**
 * A statement as lines that fit a width, its members in the order of the document and the deciding ones marked: so a
 * document on a single line can be read, too. Of long lists the first values are shown, and the deciding one.
 */
export function laidOut(document: unknown, marks: readonly Mark[], width: number): readonly LaidLine[] {
  return lay(document, [], 0, marks, width)
}

function lay(
  value: unknown,
  path: readonly string[],
  depth: number,
  marks: readonly Mark[],
  width: number,
): LaidLine[] {
  const indent = '  '.repeat(depth)
  const mark = marks.find((each) => each.path.join('\n') === path.join('\n'))
  const of = (text: string, isFirst: boolean, isLast: boolean): LaidLine => ({
    text,
    marked: isFirst && mark !== undefined,
    notes: isLast ? (mark?.notes ?? []) : [],
  })
  const room = width - indent.length - (path.at(-1) ?? '').length - 6
  if (Array.isArray(value)) {
    const shown = shortened(value, mark?.value)
    const short = `[${shown.join(', ')}]`
    if (short.length <= room) return [of(short, true, true)]
    const lines = [
      '[',
      ...shown.map((each, i) => `${indent}  ${each}${i < shown.length - 1 ? ',' : ''}`),
      `${indent}]`,
    ]
    return lines.map((text, i) => of(text, i === 0, i === lines.length - 1))
  }
  if (typeof value !== 'object' || value === null) return [of(safe(JSON.stringify(value)), true, true)]
  const members = Object.entries(value)
  const short = safe(JSON.stringify(value, null, 1).replace(/\n\s*/g, ' '))
  const isInside = marks.some(
    (each) => each.path.length > path.length && path.every((key, i) => each.path[i] === key),
  )
  if (path.length > 0 && !isInside && short.length <= room) return [of(short, true, true)]
  const lines: LaidLine[] = [of('{', true, false)]
  members.forEach(([key, each], i) => {
    const [first, ...rest] = lay(each, [...path, key], depth + 1, marks, width)
    const comma = i < members.length - 1 ? ',' : ''
    const all = [{ ...first!, text: `${indent}  ${safe(JSON.stringify(key))}: ${first!.text}` }, ...rest]
    lines.push(...all.map((line, n) => (n === all.length - 1 ? { ...line, text: line.text + comma } : line)))
  })
  return [...lines, of(`${indent}}`, false, true)]
}

/** The first values, the deciding one among them, and how many are left out. */
function shortened(values: readonly unknown[], deciding: string | undefined): readonly string[] {
  const texts = values.map((value) => safe(JSON.stringify(value)))
  if (values.length <= mostValues + 1) return texts
  const at = deciding === undefined ? -1 : values.indexOf(deciding)
  const shown = texts.slice(0, mostValues)
  if (at >= mostValues) shown[mostValues - 1] = texts[at]!
  return [...shown, `… ${values.length - mostValues} more`]
}

/**
 * Returns the deciding parts of a statement, and why. `asked` is the action and the resource of the request, `caller` the caller.
 */
export function marksOf(
  { failed, conditions = [], by = {}, problem, unknownActions }: StatementView,
  asked: { readonly action: string; readonly resource: string; readonly caller: string },
  t: ReasonWords,
): readonly Mark[] {
  if (unknownActions !== undefined)
    return [
      {
        path: ['Action'],
        notes: unknownActions.map((name) => t.marks.noAction(name, asked.action)),
        value: unknownActions[0]!,
      },
    ]
  if (failed !== undefined) return [failureMark(failed, problem, asked, t)]
  if (conditions.length > 0)
    return conditions.map(({ operator, key, ...had }) => ({
      path: ['Condition', operator, key],
      notes: [problem ?? t.marks.holds(seenOf(key, had, t))],
    }))
  return Object.entries(by).map(([element, value]) => ({ path: [element], notes: [], value }))
}

function failureMark(
  {
    element,
    operator,
    key,
    wanted = [],
    needsSetOperator,
    filled,
    unset = [],
    plainVariables,
    ...had
  }: NonNullable<StatementView['failed']>,
  problem: string | undefined,
  {
    action,
    resource,
    caller,
  }: { readonly action: string; readonly resource: string; readonly caller: string },
  t: ReasonWords,
): Mark {
  const variables = unset.map((name) => t.marks.noValue(name, whyUnset(name, t)))
  if (plainVariables) variables.push(t.marks.older)
  if (needsSetOperator) variables.push(t.listKey)
  if (operator !== undefined && key !== undefined)
    return {
      path: ['Condition', operator, key],
      notes: [
        problem ?? `${filled ? t.marks.wants(listed(wanted, t)) : ''}${seenOf(key, had, t)}`,
        ...variables,
      ],
    }
  const of = { Action: action, NotAction: action, Principal: caller, NotPrincipal: caller } as const
  const what = of[element as keyof typeof of] ?? resource // of any other element it is the resource
  const verb = element.startsWith('Not') ? t.marks.excludes : t.marks.doesNotMatch
  const notes = problem === undefined ? [verb(what), ...variables] : [problem, ...variables]
  return { path: [element], notes }
}

function whyUnset(name: string, { marks }: ReasonWords): string {
  const [, tag] = /^aws:PrincipalTag\/(.*)$/i.exec(name) ?? []
  return tag === undefined ? marks.noKey : marks.noTag(tag)
}

/** The request's value of a key. */
export function seenOf(
  key: string,
  { seen, secret }: Pick<Partial<ConditionView>, 'seen' | 'secret'>,
  t: ReasonWords,
): string {
  if (secret === true) return t.secret(key)
  return seen === null || seen === undefined ? t.hasNo(key) : t.has(safe(JSON.stringify(seen)))
}
