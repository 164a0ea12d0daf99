/** A family of metrics as a scraper reads it. */
export interface MetricFamily {
  readonly name: string
  readonly type: string
  readonly unit: string | undefined
  readonly help: string | undefined
  readonly samples: readonly MetricSample[]
}

export interface MetricSample {
  readonly name: string
  readonly labels: Readonly<Record<string, string>>
  readonly value: number
}

/** The suffixes of a type's samples (OpenMetrics 1.0, "Suffixes"). */
const suffixes: Readonly<Record<string, readonly string[]>> = {
  counter: ['_total', '_created'],
  gauge: [''],
  histogram: ['_bucket', '_count', '_sum', '_created'],
  info: ['_info'],
}

const number = String.raw`[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?|[+-]?Inf|NaN`
const sampleForm = new RegExp(String.raw`^([a-zA-Z_:][\w:]*)(?:\{(.*)\})? (${number})$`)
const labelForm = /([a-zA-Z_]\w*)="((?:[^"\\\n]|\\[\\"n])*)"(?:,|$)/y

/** Reads a text in the OpenMetrics 1.0 format. @throws Error where it breaks a rule of the format */
export function parseOpenMetrics(text: string): readonly MetricFamily[] {
  if (!text.endsWith('\n# EOF\n')) throw new Error('it does not end with # EOF')
  const families: (MetricFamily & { samples: MetricSample[] })[] = []
  const seen = new Set<string>()
  for (const line of text.slice(0, -'# EOF\n'.length).trimEnd().split('\n')) {
    const said = /^# (TYPE|UNIT|HELP) ([a-zA-Z_:][\w:]*) (.*)$/.exec(line)
    const family = families.at(-1)
    if (said !== null) {
      const [, what, name = '', value = ''] = said
      if (what === 'TYPE') {
        if (families.some((each) => each.name === name)) throw new Error(`${name} comes twice`)
        if (suffixes[value] === undefined) throw new Error(`unknown type ${value}`)
        families.push({ name, type: value, unit: undefined, help: undefined, samples: [] })
      } else if (family === undefined || family.name !== name || family.samples.length > 0)
        throw new Error(`out of place: ${line}`)
      else Object.assign(family, { [what === 'UNIT' ? 'unit' : 'help']: value })
      continue
    }
    const sample = sampleForm.exec(line)
    if (sample === null || family === undefined) throw new Error(`no sample: ${line}`)
    const [, name = '', labels = '', value = ''] = sample
    if (!suffixes[family.type]!.includes(name.slice(family.name.length)) || !name.startsWith(family.name))
      throw new Error(`${name} is no sample of ${family.name}`)
    const key = `${name}{${labels}}`
    if (seen.has(key)) throw new Error(`${key} comes twice`)
    seen.add(key)
    family.samples.push({ name, labels: labelsOf(labels), value: Number(value.replace('Inf', 'Infinity')) })
  }
  for (const family of families) check(family)
  return families
}

function labelsOf(text: string): Readonly<Record<string, string>> {
  const labels: Record<string, string> = {}
  labelForm.lastIndex = 0
  while (labelForm.lastIndex < text.length) {
    const found = labelForm.exec(text)
    if (found === null) throw new Error(`no labels: ${text}`)
    const [, name = '', value = ''] = found
    if (labels[name] !== undefined) throw new Error(`${name} comes twice in ${text}`)
    labels[name] = value.replace(/\\(.)/g, (_, each: string) => (each === 'n' ? '\n' : each))
  }
  return labels
}

function check({ name, type, unit, samples }: MetricFamily): void {
  if (unit !== undefined && !name.endsWith(`_${unit}`)) throw new Error(`${name} does not end with ${unit}`)
  if (type === 'counter' && samples.some(({ value }) => !(value >= 0)))
    throw new Error(`${name} is a negative counter`)
  if (type === 'histogram') checkHistogram(name, samples)
}

/** Buckets are cumulative, the last one is +Inf and equals the count. */
function checkHistogram(name: string, samples: readonly MetricSample[]): void {
  const series = new Map<string, MetricSample[]>()
  for (const sample of samples) {
    const { le: _, ...labels } = sample.labels
    const key = JSON.stringify(labels)
    series.set(key, [...(series.get(key) ?? []), sample])
  }
  for (const each of series.values()) {
    const buckets = each.filter((sample) => sample.name === `${name}_bucket`)
    const count = each.find((sample) => sample.name === `${name}_count`)?.value
    if (buckets.at(-1)?.labels.le !== '+Inf' || buckets.at(-1)?.value !== count)
      throw new Error(`${name} has no bucket +Inf that equals its count`)
    let last = { le: Number.NEGATIVE_INFINITY, value: 0 }
    for (const { labels, value } of buckets) {
      const le = Number(labels.le?.replace('Inf', 'Infinity'))
      if (!/^[+-]?(?:\d+\.\d+(?:e-?\d+)?|\d+e-?\d+|Inf)$/.test(labels.le ?? ''))
        throw new Error(`${name} has the bound ${labels.le}`)
      if (le <= last.le || value < last.value) throw new Error(`${name} is not cumulative`)
      last = { le, value }
    }
  }
}

/** What `promtool check metrics` would remark about names (the rules of Prometheus's linter). */
export function remarksOn(families: readonly MetricFamily[]): readonly string[] {
  return families.flatMap(({ name, type, unit, help, samples }) => [
    ...(help === undefined || help === '' ? [`${name}: no help text`] : []),
    ...(type === 'counter' && name.endsWith('_total') ? [`${name}: a family is named without _total`] : []),
    ...(type !== 'counter' && name.endsWith('_total') ? [`${name}: only counters end with _total`] : []),
    ...(type !== 'histogram' && /_(?:count|sum|bucket)$/.test(name) ? [`${name}: a histogram's suffix`] : []),
    ...(/_(?:counter|gauge|histogram|summary|metric)(?:_|$)/.test(name) ? [`${name}: names its type`] : []),
    ...(/_(?:milliseconds|ms|minutes|hours|kilobytes|megabytes|mb|kb|percent)(?:_|$)/.test(name)
      ? [`${name}: not a base unit`]
      : []),
    ...(/[A-Z:]/.test(name) ? [`${name}: not in snake case`] : []),
    ...(/_(?:seconds|bytes)$/.test(name) && unit === undefined ? [`${name}: its unit is not declared`] : []),
    ...samples.flatMap(({ labels }) =>
      Object.keys(labels)
        .filter(
          (label) => /[A-Z]|^__/.test(label) || (label === 'le') !== (type === 'histogram' && label === 'le'),
        )
        .map((label) => `${name}: label ${label}`),
    ),
  ])
}
