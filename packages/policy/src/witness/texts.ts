import { Remembered } from '../match/remembered.ts'
import type { TextConstraint, Texts } from './constraint.ts'
import { type Slot, searchTexts } from './product.ts'
import type { Shape } from './question.ts'
import { variablesOf } from './shape.ts'
import type { Steps } from './steps.ts'

/**
 * Texts of all variables that occur in the shapes, so that every constraint holds; undefined if no such texts exist, or
 * if the steps are spent. Shapes that share no variable are searched one after the other.
 * @param shapes by slot
 */
export function solveTexts(
  shapes: readonly Shape[],
  constraints: readonly TextConstraint[],
  steps: Steps,
): Texts | undefined {
  const texts = new Map<string, string>()
  for (const slots of partsOf(shapes)) {
    const own = [...slots].map((slot) => ({
      shape: shapes[slot] ?? [],
      constraints: constraints.filter((each) => each.slot === slot),
    }))
    const found = searchOnce(own, steps)
    if (found === undefined) return undefined
    for (const [variable, text] of found) texts.set(variable, text)
  }
  return texts
}

/** Maximum results of one generation that are kept for later questions. */
const maxRemembered = 8_192
const remembered = new Remembered<Texts | 'none'>(maxRemembered)

/** Principals with the same policies ask the same again and again: results are kept. */
function searchOnce(slots: readonly Slot[], steps: Steps): Texts | undefined {
  const name = slots.map(nameOf).join(';')
  const before = remembered.get(name)
  if (before !== undefined) return before === 'none' ? undefined : before
  const { result, isIncomplete } = steps.attempt(() => searchTexts(slots, steps))
  if (result !== undefined || !isIncomplete) remembered.set(name, result ?? 'none')
  return result
}

/** Equal for slots with equal shapes and constraints. */
function nameOf({ shape, constraints }: Slot): string {
  const wanted = constraints.map(
    ({ patterns, want }) => `${want ? '+' : '-'}${patterns.map(({ id }) => id).join(',')}`,
  )
  return `${shapeName(shape)}${wanted.sort().join('')}`
}

const names = new WeakMap<Shape, string>()

function shapeName(shape: Shape): string {
  let name = names.get(shape)
  if (name === undefined) {
    name = JSON.stringify(shape)
    names.set(shape, name)
  }
  return name
}

/** Groups of slots that share variables. */
function partsOf(shapes: readonly Shape[]): ReadonlySet<ReadonlySet<number>> {
  const groups = shapes.map((_, slot) => new Set([slot]))
  const first = new Map<string, number>()
  for (const [slot, shape] of shapes.entries()) {
    for (const { variable } of variablesOf(shape)) {
      const other = first.get(variable)
      if (other === undefined) first.set(variable, slot)
      else merge(groups, other, slot)
    }
  }
  return new Set(groups)
}

function merge(groups: Set<number>[], one: number, other: number): void {
  const [kept, gone] = [groups[one], groups[other]]
  if (kept === undefined || gone === undefined || kept === gone) return
  for (const slot of gone) {
    kept.add(slot)
    groups[slot] = kept
  }
}
