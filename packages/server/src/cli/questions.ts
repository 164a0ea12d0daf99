import { readFileSync } from 'node:fs'
import { actionsLike, unknownAction } from '../authorization/index.ts'
import { badSyntax } from './failure.ts'
import { messageOf } from './home.ts'
import { safe } from './output.ts'

/** One question about permission. */
export interface Question {
  readonly action: string
  readonly resource: string
}

/** The most questions of one command. */
const mostQuestions = 1_000
const largestFile = 1024 * 1024

/**
 * Every action on every resource. Actions may be separated by commas, and one with a wildcard means all that it
 * matches. @throws CommandFailure if an action does not exist or a resource is not an ARN
 */
export function questionsOf(actions: string, resources: readonly string[]): readonly Question[] {
  const named = actions.split(',').flatMap(actionsNamed)
  const on = resources.length === 0 ? ['*'] : resources
  for (const resource of on)
    if (resource !== '*' && !resource.startsWith('arn:'))
      throw badSyntax(`a resource is an ARN or *, not ${resource}`)
  return bounded(named.flatMap((action) => on.map((resource) => ({ action, resource }))))
}

/**
 * The questions of a file, `-` for standard input: each line has an action and optionally its resources; `#` begins a
 * comment. @throws CommandFailure with the line if one is wrong
 */
export function questionsIn(file: string): readonly Question[] {
  const lines = readText(file).split(/\r?\n/)
  return bounded(
    lines.flatMap((line, index) => {
      const [actions, ...resources] = line
        .replace(/(^|\s)#.*$/, '')
        .split(/\s+/)
        .filter((word) => word !== '')
      if (actions === undefined) return []
      try {
        return questionsOf(actions, resources)
      } catch (error) {
        throw badSyntax(`${file}:${index + 1}: ${messageOf(error)}`)
      }
    }),
  )
}

function actionsNamed(text: string): readonly string[] {
  if (!text.includes(':')) throw badSyntax(`an action begins with its service: iam:${text}, not ${text}`)
  const unknown = unknownAction(text)
  if (unknown !== undefined) throw badSyntax(safe(unknown.message))
  return /[*?]/.test(text) ? actionsLike(text) : [text]
}

function bounded(questions: readonly Question[]): readonly Question[] {
  if (questions.length === 0) throw badSyntax('there is nothing to ask')
  if (questions.length > mostQuestions)
    throw badSyntax(`these are ${questions.length} questions; at most ${mostQuestions} are asked at once`)
  return questions
}

function readText(file: string): string {
  try {
    const text = readFileSync(file === '-' ? 0 : file, 'utf8')
    if (text.length > largestFile) throw new Error(`it has more than ${largestFile} characters`)
    return text
  } catch (error) {
    throw badSyntax(`${file} cannot be read: ${messageOf(error)}`)
  }
}
