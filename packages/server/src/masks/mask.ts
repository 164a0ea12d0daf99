import { faceOf } from './faces.ts'
import { areDistinct, type Family, type Genes, genesOf } from './genes.ts'

/** How a mask is shown: `plain` alone, `worn` in front of a head, `outline` if it cannot be worn. */
export type MaskState = 'plain' | 'worn' | 'handed' | 'outline'

export interface MaskOptions {
  /** The accessible name of the drawing; if absent, the drawing is hidden from screen readers. */
  readonly title?: string
  /** Width and height in pixels. Default 64. */
  readonly size?: number
  readonly state?: MaskState
  /** Whether a paper disc is behind the face, for dark surroundings. */
  readonly disc?: boolean
}

/**
 * A role's mask as SVG: at most 3 KB, without fonts, gradients or scripts.
 * @param turn see `genesOf`
 */
export function maskSvg(family: Family, genes: Genes, options: MaskOptions = {}): string {
  const { title, size = 64, state = 'plain', disc = false } = options
  const name = title === undefined ? 'aria-hidden="true"' : `role="img" aria-label="${escaped(title)}"`
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 64 64" width="${size}" height="${size}" ${name}>${maskBody(family, genes, state, disc)}</svg>`
}

/** Returns the content of the `svg` element. */
export function maskBody(family: Family, genes: Genes, state: MaskState = 'plain', disc = false): string {
  const tilt = (((genes.eyes * 5 + genes.mark * 3 + genes.crest) % 9) - 4) * 0.4
  const face = `<g transform="rotate(${Math.round(tilt * 10) / 10} 32 32)">${faceOf(family, genes)}</g>`
  switch (state) {
    case 'plain':
      return disc ? `${paperDisc}${inDisc(face)}` : face
    case 'worn':
      return `${head}<g transform="translate(8 9) scale(.75)">${face}</g>`
    case 'handed':
      return `${plate}<g transform="translate(7 7) scale(.78)">${face}</g>`
    case 'outline':
      return `${dashedDisc}<g opacity=".42">${inDisc(face)}</g>`
  }
}

const paperDisc = '<circle cx="32" cy="32" r="31.5" fill="#FFF8EA" stroke="#8D8778"/>'
const dashedDisc =
  '<circle cx="32" cy="32" r="30.5" fill="#FFF8EA" stroke="#6B6659" stroke-width="2" stroke-dasharray="5 4"/>'
const head =
  '<path d="M6 64q0-15 14-18V34q-6-26 12-28 18 2 12 28v12q14 3 14 18z" fill="#8B98A8" stroke="#1C1C1C" stroke-width="2" stroke-linejoin="round"/>'
const plate =
  '<rect x="2" y="2" width="60" height="60" rx="9" fill="#DCE6F2" stroke="#1C1C1C" stroke-width="2"/>'

function inDisc(face: string): string {
  return `<g transform="translate(8.3 8.3) scale(.74)">${face}</g>`
}

/**
 * Returns the turn at which each role's mask is distinct from those of its family before it. @param roles in the order
 * of creation; a role with a stored `turn` keeps it
 */
export function distinctTurns(roles: readonly TurnedRole[]): ReadonlyMap<string, number> {
  const steps = distinctTurnsInSteps(roles)
  for (;;) {
    const { done, value } = steps.next()
    if (done) return value
  }
}

/** A role that needs a mask, and its stored turn if there is one. */
export interface TurnedRole {
  readonly id: string
  readonly family: Family
  readonly turn?: number
}

/** Does what `distinctTurns` does, and pauses after each role whose turn is sought. */
export function* distinctTurnsInSteps(
  roles: readonly TurnedRole[],
): Generator<undefined, ReadonlyMap<string, number>> {
  const turns = new Map<string, number>()
  const taken = new Map<string, Genes[]>()
  const add = (family: Family, id: string, turn: number) => {
    const genes = genesOf(id, turn)
    // only masks of one ink can look alike
    const key = `${family}/${genes.ink}`
    const others = taken.get(key)
    if (others === undefined) taken.set(key, [genes])
    else others.push(genes)
    turns.set(id, turn)
  }
  for (const { id, family, turn } of roles) if (turn !== undefined) add(family, id, turn)
  for (const { id, family } of roles) {
    if (turns.has(id)) continue
    let turn = 0
    for (; turn < turnsMost; turn++) {
      const genes = genesOf(id, turn)
      const others = taken.get(`${family}/${genes.ink}`) ?? []
      if (isNew(family, genes, others)) break
    }
    add(family, id, turn)
    yield
  }
  return turns
}

/** Whether a mask is distinct from the last ones of its family and ink. */
function isNew(family: Family, genes: Genes, others: readonly Genes[]): boolean {
  for (let at = Math.max(0, others.length - comparedMost); at < others.length; at++)
    if (!areDistinct(family, genes, others[at]!)) return false // below the length
  return true
}

/** The most attempts for a mask; after that the last one is used, because there are thousands of roles. */
const turnsMost = 16
/** The most masks of one family and ink that are compared, so that 5,000 roles do not cost a square of that. */
const comparedMost = 500

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`)
}
