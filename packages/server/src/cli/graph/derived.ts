import { labelOf, type PathsAnswer, shortArn } from '../../graph/index.ts'
import { print, printError, safe } from '../output.ts'

/** The most principals that are named. */
const mostNames = 8

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
