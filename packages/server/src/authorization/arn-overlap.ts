/** One step of a pattern: a character, or any text, with the characters that the text cannot contain. */
type Step = { readonly one: string } | { readonly many: '*'; readonly not: string }

/**
 * Returns whether an ARN of a policy (with `*`, `?` and variables) and one of the service authorization reference
 * (with `${BucketName}`) have a resource in common. Case is ignored. The time is at most the product of the lengths.
 */
export function overlaps(written: string, reference: string): boolean {
  if (ofDifferentServices(written, reference) || ofDifferentKinds(written, reference)) return false
  return meet(stepsOfPolicy(written.toLowerCase()), stepsOfReference(reference.toLowerCase()))
}

/** Most pairs differ here already. */
function ofDifferentServices(written: string, reference: string): boolean {
  const one = written.split(':', 3)[2] ?? '*'
  const other = reference.split(':', 3)[2] ?? '*'
  return (
    !/[*?$]/.test(one) && !other.includes('$') && one.toLowerCase() !== other && !written.startsWith('arn:*')
  )
}

/** Nearly all others differ at the beginning of their resource: `instance/` and `volume/`. */
function ofDifferentKinds(written: string, reference: string): boolean {
  const one = headOf(written)
  const other = headOf(reference)
  if (one === undefined || other === undefined) return false
  return !one.startsWith(other) && !other.startsWith(one)
}

/**
 * Returns the literal beginning of the sixth field, or undefined if there is none. A wildcard before it may match
 * colons too: AWS itself writes `arn:aws:secretsmanager:*:*:sqlworkbench!*` for
 * `…:123456789012:secret:sqlworkbench!…`.
 */
function headOf(arn: string): string | undefined {
  let at = -1
  for (let field = 0; field < 5; field++) {
    const colon = arn.indexOf(':', at + 1)
    if (colon < 0 || /[*?]|\$\{aws/.test(arn.slice(at + 1, colon))) return undefined
    at = colon
  }
  return /^[^*?$]*/.exec(arn.slice(at + 1))?.[0].toLowerCase()
}

function stepsOfPolicy(text: string): readonly Step[] {
  return [...text.matchAll(/\$\{[^{}]*\}|[\s\S]/g)].map(([part]) =>
    part === '*' || part.length > 1 ? { many: '*', not: '' } : { one: part },
  )
}

function stepsOfReference(text: string): readonly Step[] {
  const last = text.lastIndexOf('${')
  return [...text.matchAll(/\$\{([^{}]*)\}|[\s\S]/g)].map(({ 0: part, 1: name, index }): Step => {
    if (name === undefined) return { one: part }
    // only the last field may contain colons; the text after a bucket's slash is an object
    return { many: '*', not: name === 'bucketname' ? ':/' : index < last ? ':' : '' }
  })
}

/** Returns whether both patterns match a common text, computed from their ends, one row of positions at a time. */
function meet(one: readonly Step[], other: readonly Step[]): boolean {
  const width = other.length
  let below = new Uint8Array(width + 1)
  for (let at = one.length; at >= 0; at--) {
    const row = new Uint8Array(width + 1)
    for (let to = width; to >= 0; to--) row[to] = fits(one[at], other[to], below, row, to) ? 1 : 0
    below = row
  }
  return below[0] === 1
}

/**
 * Returns whether the rest of both patterns from here on matches a common text; `below` is the next row, `row` the
 * current one.
 */
function fits(
  step: Step | undefined,
  other: Step | undefined,
  below: Uint8Array,
  row: Uint8Array,
  to: number,
): boolean {
  if (step === undefined && other === undefined) return true
  const skipsOther = row[to + 1] === 1
  const skipsOne = below[to] === 1
  if (step !== undefined && 'many' in step) return skipsOne || (other !== undefined && skipsOther)
  if (other !== undefined && 'many' in other) {
    return skipsOther || (step !== undefined && !other.not.includes(step.one) && skipsOne)
  }
  if (step === undefined || other === undefined) return false
  return (step.one === other.one || step.one === '?') && below[to + 1] === 1
}
