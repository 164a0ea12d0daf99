/** The kinds of face. A role's kind depends on who may wear it, and on whether it is an administrator. */
export const families = ['kitsune', 'tengu', 'hyottoko', 'okame', 'oni', 'hannya'] as const
export type Family = (typeof families)[number]

/** Inks with a contrast of at least 5.9 to 1 on the paper face. They help recognition and have no meaning. */
export const inks = [
  '#A8231B',
  '#0B57A4',
  '#1A6638',
  '#7A3E9D',
  '#7E4400',
  '#00626A',
  '#9C1F5E',
  '#3F4A8A',
] as const

/** The variable parts of a face: numbers from 0 to one less than the count of `variants`. */
export interface Genes {
  readonly ink: number
  readonly second: number
  readonly eyes: number
  readonly brows: number
  readonly mark: number
  readonly cheeks: number
  readonly mouth: number
  readonly crest: number
}

export type Part = keyof Genes

/** The number of variants of a part. */
export const variants: Readonly<Record<Part, number>> = {
  ink: inks.length,
  second: inks.length,
  eyes: 4,
  brows: 4,
  mark: 8,
  cheeks: 5,
  mouth: 3,
  crest: 4,
}

/** The parts that a family draws: two masks with equal parts look the same. */
export const drawn: Readonly<Record<Family, readonly Part[]>> = {
  kitsune: ['ink', 'second', 'eyes', 'mark', 'cheeks', 'mouth', 'crest'],
  tengu: ['ink', 'eyes', 'brows', 'mark', 'mouth', 'crest'],
  hyottoko: ['ink', 'second', 'eyes', 'brows', 'cheeks', 'mouth', 'crest'],
  okame: ['ink', 'second', 'eyes', 'mark', 'cheeks', 'mouth', 'crest'],
  oni: ['ink', 'eyes', 'brows', 'mark', 'mouth', 'crest'],
  hannya: ['ink', 'second', 'eyes', 'brows', 'mark', 'mouth', 'crest'],
}

/**
 * Returns the genes of a role's unique id (`AROA…`). A role that is deleted and created again has another id, so it
 * has another mask, just as it is another principal to every trust policy that named it. @param turn the number of
 * masks of the id that were skipped because another role of the account looks alike
 */
export function genesOf(roleId: string, turn = 0): Genes {
  let state = hash(`${roleId}/${turn}`)
  const pick = (part: Part): number => {
    state = mix(state)
    return state % variants[part]
  }
  const ink = pick('ink')
  return {
    ink,
    // never the first ink again
    second: (ink + 1 + (pick('second') % (inks.length - 1))) % inks.length,
    eyes: pick('eyes'),
    brows: pick('brows'),
    mark: pick('mark'),
    cheeks: pick('cheeks'),
    mouth: pick('mouth'),
    crest: pick('crest'),
  }
}

/**
 * Whether two masks of one family can be distinguished: their first ink differs, or at least two other parts that the
 * family draws do.
 */
export function areDistinct(family: Family, a: Genes, b: Genes): boolean {
  if (a.ink !== b.ink) return true
  let different = 0
  for (const part of drawn[family]) if (a[part] !== b[part] && ++different === 2) return true
  return false
}

/** FNV-1a, 32 bits. */
function hash(text: string): number {
  let state = 0x811c9dc5
  for (let index = 0; index < text.length; index++) {
    state = Math.imul(state ^ text.charCodeAt(index), 0x01000193)
  }
  return state >>> 0
}

/** Returns the next number of a sequence in which every bit of the state matters (SplitMix32). */
function mix(state: number): number {
  let next = (state + 0x9e3779b9) | 0
  next = Math.imul(next ^ (next >>> 16), 0x21f0aaad)
  next = Math.imul(next ^ (next >>> 15), 0x735a2d97)
  return (next ^ (next >>> 15)) >>> 0
}
