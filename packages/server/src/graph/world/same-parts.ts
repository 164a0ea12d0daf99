import type { World } from './world.ts'

/** Whether groups give their members the same managed policies, whatever these and their own documents say. */
export function giveTheSame(before: World['groups'], after: World['groups']): boolean {
  if (before === after) return true
  if (before.size !== after.size) return false
  for (const [name, { arn, attached }] of after) {
    const was = before.get(name)
    if (was === undefined || was.arn !== arn || was.attached.join() !== attached.join()) return false
  }
  return true
}

/** Whether no group and no policy is new or gone. */
export function haveSameNames(before: World, after: World): boolean {
  return (['groups', 'policies'] as const).every((kind) => {
    const was: ReadonlyMap<string, unknown> = before[kind]
    const is: ReadonlyMap<string, unknown> = after[kind]
    return was === is || (was.size === is.size && [...is.keys()].every((name) => was.has(name)))
  })
}
