/** A role as masks draw it. */
export interface MaskOf {
  readonly name: string
  readonly id: string
}

/** The mask of a role. The name stands beside it, so screen readers pass over the drawing. */
export function Mask({ role, size }: { readonly role: MaskOf; readonly size: number }) {
  return (
    <span className="mask" aria-hidden="true" style={{ inlineSize: size, blockSize: size }}>
      {role.name.slice(0, 2).toUpperCase()}
    </span>
  )
}
