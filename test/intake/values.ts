/** The members of a value, and those of the first thing in each list, by their paths. */
export function leaves(
  value: object,
  path: readonly string[] = [],
): readonly (readonly [readonly string[], unknown])[] {
  const entries = Array.isArray(value) ? [['0', value[0]] as const] : Object.entries(value)
  return entries.flatMap(([name, each]) =>
    each === undefined
      ? []
      : [
          [[...path, name], each] as const,
          ...(typeof each === 'object' && each !== null && name !== 'at'
            ? leaves(each, [...path, name])
            : []),
        ],
  )
}

/** The value with the member at a path otherwise. */
export function changed(value: unknown, [name, ...rest]: readonly string[], to: unknown): unknown {
  if (name === undefined) return to
  if (Array.isArray(value))
    return value.map((each, index) => (String(index) === name ? changed(each, rest, to) : each))
  const all = value as Readonly<Record<string, unknown>>
  return { ...all, [name]: changed(all[name], rest, to) }
}

/** Each member that one value has otherwise than another. */
export function differences(one: unknown, other: unknown, path = ''): readonly string[] {
  if (typeof one === 'object' && one !== null && typeof other === 'object' && other !== null) {
    const names = [...new Set([...Object.keys(one), ...Object.keys(other)])]
    return names.flatMap((name) => differences(one[name as never], other[name as never], `${path}/${name}`))
  }
  return Object.is(one, other) ? [] : [`${path}: ${JSON.stringify(one)}, read ${JSON.stringify(other)}`]
}

/** Without places, and things by their names. */
export function plain(image: object): unknown {
  const text = JSON.stringify(image, (name, value) =>
    name === 'at' && typeof value === 'object' ? undefined : value,
  )
  return byName(JSON.parse(text))
}

function byName(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value
  const entries = Object.entries(value).map(([name, each]): [string, unknown] => {
    const named: Readonly<Record<string, unknown>> = typeof each === 'object' && each !== null ? each : {}
    const own =
      (named.partition === undefined ? undefined : named.account) ??
      named.id ??
      named.name ??
      named.serial ??
      named.url ??
      named.arn
    return [Array.isArray(value) && own !== undefined ? String(own) : name, byName(each)]
  })
  return Object.fromEntries(entries)
}
