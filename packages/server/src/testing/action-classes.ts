import { type Statement, wildcardMatcher } from '@omen-iam/policy'
import { serviceActions, services } from '../authorization/catalogue/index.ts'

/** Actions that people know: of a class of actions that policies treat alike, they represent the others. */
const wellKnown = [
  's3:DeleteObject',
  's3:PutObject',
  's3:GetObject',
  's3:DeleteBucket',
  'ec2:TerminateInstances',
  'iam:PassRole',
  'sts:AssumeRole',
  'iam:CreateUser',
  'sqs:SendMessage',
  'lambda:InvokeFunction',
  'dynamodb:GetItem',
]

/**
 * One action of each class of AWS's actions: those of a class are matched by the same patterns of the statements, so that
 * one question is enough. Actions in `preferred` represent their classes. @param of only actions that this pattern matches
 */
export function actionClasses(
  statements: readonly Statement[],
  preferred: readonly string[],
  of = '*',
): readonly string[] {
  const patterns = [...new Set(statements.flatMap(({ action }) => action.values.map(({ value }) => value)))]
  const matchers = patterns.map((pattern) => ({
    prefix: pattern.includes(':') ? pattern.slice(0, pattern.indexOf(':')).toLowerCase() : '',
    matches: wildcardMatcher(pattern, { ignoreCase: true }),
  }))
  const isAsked = wildcardMatcher(of, { ignoreCase: true })
  const classOf = (action: string, near: typeof matchers): string =>
    near.flatMap((each) => (each.matches(action) ? [matchers.indexOf(each)] : [])).join()
  const classes = new Map<string, string>()
  const add = (action: string, near = matchers) => {
    if (!isAsked(action)) return
    const name = classOf(action, near)
    if (!classes.has(name)) classes.set(name, action)
  }
  for (const action of [...preferred, ...wellKnown]) if (isNamed(action)) add(action)
  for (const prefix of services().keys()) {
    const near = matchers.filter(
      (each) => each.prefix === prefix || each.prefix === '' || /[*?]/.test(each.prefix),
    )
    // to every pattern its actions are alike: one of them is enough
    const isWhole = near.every((each) => each.prefix !== prefix) && of === '*'
    const actions = serviceActions(prefix)
    for (const { name } of isWhole ? actions.slice(0, 1) : actions) add(`${prefix}:${name}`, near)
  }
  return [...classes.values()]
}

function isNamed(action: string): boolean {
  return /^[a-z0-9-]+:[A-Za-z0-9]+$/.test(action)
}
