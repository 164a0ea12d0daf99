/** One step of a pattern: a character, or any text, with the characters that the text cannot contain. */
type Step = { readonly one: string } | { readonly not: string }

/**
 * Returns whether an ARN of a policy (with `*`, `?` and variables) and one of the service authorization reference
 * (with `${BucketName}`) have a resource in common. Case is ignored. The time is at most the product of the lengths.
 */
export function overlaps(written: string, reference: string): boolean {
  const one = written.toLowerCase()
  const other = reference.toLowerCase()
  return !startDifferently(one, other) && meet(stepsOfPolicy(one), stepsOfReference(other))
}

const fields = 6

/**
 * Returns whether the texts differ in a field before the first wildcard. Nearly all pairs do: in their service, or in the
 * beginning of their resource, `instance/` and `volume/`. A wildcard may match colons too, so nothing after it is
 * compared: AWS itself writes `arn:aws:secretsmanager:*:*:sqlworkbench!*` for `…:123456789012:secret:sqlworkbench!…`.
 */
export function startDifferently(written: string, reference: string): boolean {
  const others = reference.split(':', fields)
  for (const [index, field] of written.split(':', fields).entries()) {
    const one = /[^*?$]*/.exec(field)![0]
    const other = /[^$]*/.exec(others[index]!)![0] // the reference has all fields
    if (!one.startsWith(other) && !other.startsWith(one)) return true
    if (one !== field) return false
  }
  return false
}

function stepsOfPolicy(text: string): readonly Step[] {
  return [...text.matchAll(/(\*|\$\{[^{}]*\})|[\s\S]/g)].map(([part, wild]) =>
    wild === undefined ? { one: part } : { not: '' },
  )
}

function stepsOfReference(text: string): readonly Step[] {
  const resource = text.split(':', 5).join(':').length
  const last = text.lastIndexOf('${')
  return [...text.matchAll(/\$\{([^{}]*)\}|[\s\S]/g)].map(({ 0: part, 1: name, index }): Step => {
    if (name === undefined) return { one: part }
    // only the end of a resource may contain colons; the text after a bucket's slash is an object
    const not = index < resource || index < last ? ':' : ''
    return { not: name === 'bucketname' ? ':/' : not }
  })
}

/** Returns whether both patterns match a common text, computed from their ends, one row of positions at a time. */
function meet(one: readonly Step[], other: readonly Step[]): boolean {
  const width = other.length
  let below: Uint8Array = new Uint8Array()
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
  if (step !== undefined && 'not' in step) return skipsOne || (other !== undefined && skipsOther)
  if (other !== undefined && 'not' in other) {
    return skipsOther || (step !== undefined && !other.not.includes(step.one) && skipsOne)
  }
  if (step === undefined || other === undefined) return false
  return (step.one === other.one || step.one === '?') && below[to + 1] === 1
}
