import { readFileSync } from 'node:fs'
import type { RawModel } from '../models/botocore.ts'

/** What iam-dataset's map.json says of one method of the SDK for JavaScript. */
export interface Mapping {
  readonly action: string
  readonly resource_mappings?: Readonly<Record<string, { readonly template: string }>>
  readonly resourcearn_mappings?: Readonly<Record<string, string>>
  readonly arn_override?: { readonly template: string }
  readonly conditions?: object
}

/** iam-dataset's mapping, by names without case and punctuation. */
export interface MappingSource {
  /** The mappings of an operation; none where the data set lacks it. */
  find(serviceNames: readonly string[], operation: string): readonly Mapping[]
  /** The data set's names for a service: by its own, or else by the operations that it has. */
  namesOf(folder: string, model: RawModel): readonly string[]
  /** The action prefix of a service. */
  prefix(serviceNames: readonly string[]): string | undefined
}

interface File {
  readonly sdk_method_iam_mappings: Readonly<Record<string, readonly Mapping[]>>
  readonly sdk_service_mappings: Readonly<Record<string, string>>
}

/** Reads map.json of iam-dataset (https://github.com/iann0036/iam-dataset). */
export function readMapping(path: string): MappingSource {
  const file = JSON.parse(readFileSync(path, 'utf8')) as File // the data set's own form
  const methods = new Map<string, readonly Mapping[]>()
  for (const [method, mappings] of Object.entries(file.sdk_method_iam_mappings)) {
    const [service = '', name = ''] = method.split('.', 2)
    methods.set(`${plain(service)}.${plain(name)}`, mappings)
  }
  const prefixes = new Map(
    Object.entries(file.sdk_service_mappings).map(([service, prefix]) => [plain(service), prefix]),
  )
  const operationsOf = Map.groupBy(methods.keys(), (method) => method.slice(0, method.indexOf('.')))
  return {
    namesOf(folder, { metadata, operations }) {
      const own = [folder, metadata.serviceId].filter((name) => operationsOf.has(plain(name)))
      if (own.length > 0) return own
      const wanted = Object.keys(operations).map(plain)
      const shared = [...operationsOf].map(([service, has]) => {
        const names = new Set(has.map((method) => method.slice(service.length + 1)))
        const common = wanted.filter((name) => names.has(name)).length
        return { service, part: common / Math.max(names.size, 1), common }
      })
      const best = shared
        .filter(({ part, common }) => part > 0.8 && common > 2)
        .sort((a, b) => b.part - a.part)[0]
      return best === undefined ? [folder, metadata.serviceId] : [best.service]
    },
    find(serviceNames, operation) {
      for (const name of serviceNames) {
        const found = methods.get(`${plain(name)}.${plain(operation)}`)
        if (found !== undefined) return found
      }
      return []
    },
    prefix: (serviceNames) =>
      serviceNames.map((name) => prefixes.get(plain(name))).find((found) => found !== undefined),
  }
}

/** A name without case and punctuation. */
export function plain(name: string): string {
  return name.toLowerCase().replace(/[^a-z0-9]/g, '')
}

/** Transformations by regular expression that the data set has, and what they are called here. */
const functions: Readonly<Record<string, string>> = {
  '/^(?:.+\\/)?(.+)$/g': 'last',
  '/^(?:.+?\\/)?(.+)$/g': 'last',
  '/^.+\\/(.+?)$/g': 'last',
  '/^(?:.*\\/)?([0-9a-f-]+)$/g': 'last',
  '/^(?:p-)?(.+)$/g': 'afterDash',
  '/^(?:h-)?(.+)$/g': 'afterDash',
  '/^(?:ou-)?(.+)$/g': 'afterDash',
}

/**
 * A template of the data set in our own form: `${place}` with alternatives after commas and a function after
 * a bar. Undefined for what has no form here: those are left to the names of members.
 */
export function templateOf(text: string): string | undefined {
  const converted = text
    .replace(/%%iftemplatematch%(\$\{[^}]+\})%%/g, '$1')
    .replace(/%%iftruthy%(\$\{[^}]+\})%%/g, '$1')
    .replace(/%%regex%\$\{([^}]+)\}%(.+?)%%/g, (all, place: string, pattern: string) => {
      const name = functions[pattern]
      return name === undefined ? all : `\${${place}|${name}}`
    })
    .replace(/%%many%((?:\$\{[^}]+\}%)+)%/g, (_all, places: string) => {
      const names = [...places.matchAll(/\$\{([^}]+)\}/g)].map(([, place]) => place)
      return `\${${names.join(',')}}`
    })
    .replace(/\$\{([^}]+)\}\[\]/g, '${$1[]}')
  return /%/.test(converted) ? undefined : converted
}

const placeholder = /\$\{((?:[^{}|=]|\{#?\})+)(?:\|\w+)?(?:=[^}]*)?\}/g

/** The places that a template reads. */
export function placesOf(template: string): readonly string[] {
  return [...template.matchAll(placeholder)]
    .flatMap(([, places]) => places!.split(/[,>]/))
    .filter((place) => !/^(?:Partition|Region|Account)$/.test(place))
    .map((place) => (place.startsWith('/') ? place.slice(1) : place))
}
