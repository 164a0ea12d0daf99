/** A role's color as a style; none if it is no color. */
export function colorStyle(color: string | undefined): { readonly backgroundColor?: string } {
  return color !== undefined && /^[0-9A-F]{6}$/i.test(color) ? { backgroundColor: `#${color}` } : {}
}
