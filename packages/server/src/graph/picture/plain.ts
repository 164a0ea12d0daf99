/** Characters on which a terminal acts, that no XML holds, or that reorder text: a name must not have them in a drawing. */
const acting =
  /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff\ufffe\uffff]/g

/** A text of a drawing without such characters. */
export function plainText(text: string): string {
  return text.replace(acting, '')
}
