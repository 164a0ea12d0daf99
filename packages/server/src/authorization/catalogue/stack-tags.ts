import { readFileSync } from 'node:fs'
import { dataFile } from './pack.ts'

/** The actions that give tags to resources of a type of CloudFormation, and take them away. */
export interface Taggers {
  readonly add: string
  /** Absent if nothing takes them away. */
  readonly remove?: string
}

let known: ReadonlyMap<string, Taggers> | undefined

/** How resources of a type such as `AWS::SQS::Queue` are tagged; undefined if a stack's tags do not reach them. */
export function taggersOf(type: string): Taggers | undefined {
  known ??= new Map(
    Object.entries(stackTags().tagged).flatMap(([actions, types]) => {
      const [add = '', remove] = actions.split(' ')
      const taggers = { add, ...(remove === undefined ? {} : { remove }) }
      return types.split(' ').map((each): readonly [string, Taggers] => [each, taggers])
    }),
  )
  return known.get(type)
}

/** Reads stack-tags.json: types by the pair of their actions, both joined by blanks. */
export function stackTags(): { readonly tagged: Readonly<Record<string, string>> } {
  return JSON.parse(readFileSync(dataFile('stack-tags.json'), 'utf8')) as ReturnType<typeof stackTags> // our own file, read whole by a test
}
