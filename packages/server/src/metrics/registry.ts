import { assert } from '../base/index.ts'

/** Labels of one series. Values must come from a fixed set, never from what callers send. */
export type Labels = Readonly<Record<string, string>>

/** The media type of the text: OpenMetrics 1.0. */
export const contentType = 'application/openmetrics-text; version=1.0.0; charset=utf-8'

/** The most series of a family. Further ones are counted together under the label value `other`. */
const seriesMost = 2_000

/** A count that only grows. */
export class Counter {
  value = 0
  add(count = 1): void {
    this.value += count
  }
}

/** Observations in buckets. */
export class Histogram {
  readonly bounds: readonly number[]
  /** Observations in each bucket alone; the last one is everything above the bounds. */
  readonly counts: number[]
  sum = 0

  constructor(bounds: readonly number[]) {
    this.bounds = bounds
    this.counts = new Array<number>(bounds.length + 1).fill(0)
  }

  observe(value: number): void {
    const { bounds } = this
    let bucket = 0
    while (bucket < bounds.length && value > bounds[bucket]!) bucket++
    this.counts[bucket]!++
    this.sum += value
  }
}

/**
 * The head of a family: its name without a suffix, what it counts in one sentence, and its unit, which ends the name.
 */
interface Head {
  readonly name: string
  readonly help: string
  readonly unit?: 'seconds' | 'bytes'
}

/** A value and its labels. */
export type Sample = readonly [labels: Labels, value: number]

interface Family {
  readonly head: Head
  readonly type: 'counter' | 'gauge' | 'histogram' | 'info'
  lines(): Iterable<string>
}

/** Series of one family, made when they are first used. */
export class Series<T> {
  readonly #make: () => T
  readonly #series = new Map<string, { readonly labels: Labels; readonly value: T }>()

  constructor(make: () => T) {
    this.#make = make
  }

  /** The series of some labels. Callers keep it: a look-up costs more than a count. */
  of(labels: Labels): T {
    const key = JSON.stringify(Object.values(labels))
    const known = this.#series.get(key)
    if (known !== undefined) return known.value
    if (this.#series.size >= seriesMost) {
      const others = Object.fromEntries(Object.keys(labels).map((name) => [name, 'other']))
      if (JSON.stringify(Object.values(others)) !== key) return this.of(others)
    }
    const value = this.#make()
    this.#series.set(key, { labels, value })
    return value
  }

  all(): Iterable<{ readonly labels: Labels; readonly value: T }> {
    return this.#series.values()
  }
}

/** The metrics of a process, and their text in the OpenMetrics format. */
export class Registry {
  readonly #families = new Map<string, Family>()

  /** A family of counters; a sample's name ends with `_total`. */
  counters(head: Head): Series<Counter> {
    const series = new Series(() => new Counter())
    this.#add({
      head,
      type: 'counter',
      *lines() {
        for (const { labels, value } of series.all()) yield line(`${head.name}_total`, labels, value.value)
      },
    })
    return series
  }

  /** A counter without labels. */
  counter(head: Head): Counter {
    return this.counters(head).of({})
  }

  /** A counter that another part keeps. */
  counterOf(head: Head, read: () => number): void {
    this.#add({ head, type: 'counter', lines: () => [line(`${head.name}_total`, {}, read())] })
  }

  /** A value that goes up and down, read when it is asked for; none if it is undefined. */
  gauge(head: Head, read: () => number | undefined): void {
    this.gauges(head, () => {
      const value = read()
      return value === undefined ? [] : [[{}, value]]
    })
  }

  gauges(head: Head, read: () => readonly Sample[]): void {
    this.#add({
      head,
      type: 'gauge',
      lines: () => read().map(([labels, value]) => line(head.name, labels, value)),
    })
  }

  /** A family of histograms with the same bounds, in ascending order. */
  histograms(head: Head, bounds: readonly number[]): Series<Histogram> {
    const series = new Series(() => new Histogram(bounds))
    this.#add({
      head,
      type: 'histogram',
      *lines() {
        for (const { labels, value } of series.all()) yield* histogramLines(head.name, labels, value)
      },
    })
    return series
  }

  histogram(head: Head, bounds: readonly number[]): Histogram {
    return this.histograms(head, bounds).of({})
  }

  /** Facts that do not change, as labels. */
  info(head: Head, labels: Labels): void {
    this.#add({ head, type: 'info', lines: () => [line(`${head.name}_info`, labels, 1)] })
  }

  /** The names of all families. */
  get names(): readonly string[] {
    return [...this.#families.keys()]
  }

  /** All metrics in the OpenMetrics text format. */
  text(): string {
    const text: string[] = []
    for (const { head, type, lines } of this.#families.values()) {
      text.push(`# TYPE ${head.name} ${type}`)
      if (head.unit !== undefined) text.push(`# UNIT ${head.name} ${head.unit}`)
      text.push(`# HELP ${head.name} ${escaped(head.help)}`, ...lines())
    }
    return `${text.join('\n')}\n# EOF\n`
  }

  #add(family: Family): void {
    const { name, unit } = family.head
    assert(/^[a-z][a-z0-9_]*$/.test(name) && !this.#families.has(name), `${name} is no new metric`)
    assert(unit === undefined || name.endsWith(`_${unit}`), `${name} does not end with ${unit}`)
    this.#families.set(name, family)
  }
}

function* histogramLines(name: string, labels: Labels, { bounds, counts, sum }: Histogram): Iterable<string> {
  let count = 0
  for (const [index, bound] of bounds.entries()) {
    count += counts[index]!
    yield line(`${name}_bucket`, { ...labels, le: float(bound) }, count)
  }
  count += counts[bounds.length]!
  yield line(`${name}_bucket`, { ...labels, le: '+Inf' }, count)
  yield line(`${name}_count`, labels, count)
  yield line(`${name}_sum`, labels, sum)
}

function line(name: string, labels: Labels, value: number): string {
  const pairs = Object.entries(labels).map(([key, text]) => `${key}="${escaped(text)}"`)
  return `${name}${pairs.length === 0 ? '' : `{${pairs.join(',')}}`} ${Number.isNaN(value) ? 'NaN' : value}`
}

/** A bound as the format wants it: always with a fraction. */
function float(value: number): string {
  return Number.isInteger(value) ? `${value}.0` : String(value)
}

/** Backslashes, quotation marks and line feeds, in label values and help alike. */
function escaped(text: string): string {
  return text.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n')
}
