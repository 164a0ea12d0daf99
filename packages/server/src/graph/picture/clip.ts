/** The end that AWS adds to the names of roles of IAM Identity Center, and of its provider. */
const added = /(AWSReservedSSO_.+|AWSSSO)_[0-9a-f]{16}(?=$|_DO_NOT_DELETE$)/

/**
 * A text in so many characters. Of a path, or of calls in a row, the first and the last part are kept; of a longer name the end,
 * which mostly distinguishes it. `alike`: texts that become the same so; they are cut where they differ.
 */
export function clipped(text: string, most: number, alike: readonly string[] = []): string {
  if (alike.every((other) => other === text)) return shortened(text, most)
  let same = 0
  while (alike.every((other) => other[same] === text[same])) same++
  const start = Math.floor(most / 4)
  const rest = text.slice(Math.max(start, Math.min(same, text.lastIndexOf('-', same) + 1 || same)))
  const room = most - start - 1
  return `${text.slice(0, start)}…${rest.length <= room ? rest : `${rest.slice(0, room - 1)}…`}`
}

function shortened(text: string, most: number): string {
  const plain = text.replace(added, '$1')
  if (plain.length <= most) return plain
  const [separator = ''] = /\/| \+ /.exec(plain) ?? []
  const [first = '', ...rest] = separator === '' ? [plain] : plain.split(separator)
  const short = rest.length > 1 ? [first, '…', rest.at(-1)].join(separator) : plain
  if (short.length <= most) return short
  const start = Math.floor(most / 3)
  return `${short.slice(0, start)}…${short.slice(short.length - (most - start - 1))}`
}
