const units: Readonly<Record<string, number>> = {
  KB: 1e3,
  MB: 1e6,
  GB: 1e9,
  TB: 1e12,
  KIB: 1024,
  MIB: 1024 ** 2,
  GIB: 1024 ** 3,
  TIB: 1024 ** 4,
}

/** Bytes of a size with its unit: `500MB`, `2GiB`, `1.5TB`; undefined for any other text. */
export function parseSize(text: string): number | undefined {
  const [, number, unit = ''] = /^(\d{1,9}(?:\.\d{1,3})?) ?([KMGT]i?B)$/i.exec(text) ?? []
  const bytes = number === undefined ? Number.NaN : Number(number) * units[unit.toUpperCase()]!
  return Number.isSafeInteger(Math.round(bytes)) ? Math.round(bytes) : undefined
}
