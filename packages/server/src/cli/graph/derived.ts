import {
  derivedNames,
  derivedPowerNames,
  derivedReachNames,
  type PathsAnswer,
  type Power,
  type Reached,
} from '../../graph/index.ts'
import { print, printError, safe } from '../output.ts'

/** The most principals that are named. */
const mostNames = 8

/** Says in one line who comes to the goal by derived techniques alone: beside JSON on the standard error. */
export function sayDerived(answers: readonly PathsAnswer[], output: 'human' | 'json'): void {
  sayNames(derivedNames(answers), output)
}

/** The same of who comes to make a call. */
export function sayDerivedPowers(powers: readonly Power[], output: 'human' | 'json'): void {
  sayNames(derivedPowerNames(powers), output)
}

/** The same of what a principal reaches by derived techniques alone. */
export function sayDerivedReach(reached: readonly Reached[], output: 'human' | 'json'): void {
  sayNames(derivedReachNames(reached), output)
}

/** The same of names that are known. */
export function sayNames(all: readonly string[], output: 'human' | 'json'): void {
  if (all.length === 0) return
  const named = all.slice(0, mostNames).join(', ')
  const more = all.length > mostNames ? `, and ${all.length - mostNames} more` : ''
  const say = output === 'json' ? printError : print
  const line = `Only by techniques that follow from documentation and were not tried (--derived): ${named}${more}`
  say(`${safe(line)}\n`)
}
