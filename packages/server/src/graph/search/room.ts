import { quota } from '../proof/records.ts'
import type { Change } from '../request/change.ts'
import type { Person } from '../world/world.ts'

/** Whether there is room for all that some changes give a principal; for one of a kind there is, if AWS has raised a quota. */
export function isRoomFor(person: Person, changes: readonly Change[]): boolean {
  const own = changes.filter(({ arn }) => arn === person.arn)
  const groups = person.type === 'user' ? person.groups.length : 0
  return (
    fits(own.filter(({ is }) => is === 'joined').length, quota.groups - groups) &&
    fits(own.filter(({ is }) => is === 'attached').length, quota.attached - person.attached.length)
  )
}

function fits(count: number, room: number): boolean {
  return count <= Math.max(room, 1)
}
