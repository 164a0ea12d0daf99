import { openPack } from '../../authorization/catalogue/index.ts'
import type { PackedHead, PackedIndex, PackedOperation, PackedService, PackedTemplate } from './packed.ts'
import { type PathTree, pathTree } from './paths.ts'

/** A service in the guard's catalogue; its operations are unpacked at first use. */
export interface GuardService extends PackedHead {
  operation(name: string): PackedOperation | undefined
  readonly operations: Readonly<Record<string, PackedOperation>>
  /** The templates that its operations name by number. */
  readonly templates: readonly PackedTemplate[]
  /** The paths of a REST service. */
  readonly paths: PathTree
}

interface Catalogue {
  readonly all: readonly GuardService[]
  readonly byId: ReadonlyMap<string, GuardService>
  readonly bySignature: ReadonlyMap<string, readonly GuardService[]>
  readonly byTarget: ReadonlyMap<string, readonly GuardService[]>
  readonly byVersion: ReadonlyMap<string, readonly GuardService[]>
}

let catalogue: Catalogue | undefined

/** Every service of AWS's SDKs, indexed by the signs that requests carry. */
export function guardCatalogue(): Catalogue {
  catalogue ??= open()
  return catalogue
}

function open(): Catalogue {
  const pack = openPack<PackedIndex>('guard.pack')
  const all = pack.index.services.map((head, number) => new Service(head, () => pack.section(number)))
  return {
    all,
    byId: new Map(all.map((service) => [service.id, service])),
    bySignature: Map.groupBy(all, ({ signs }) => signs),
    byTarget: grouped(all, ({ target }) => (target === undefined ? [] : targetNames(target))),
    byVersion: grouped(all, (service) => (speaksQuery(service) ? [service.version] : [])),
  }
}

/** Returns whether a service can be called by the query protocols. */
export function speaksQuery({ speaks }: PackedHead): boolean {
  return speaks.includes('awsQuery') || speaks.includes('ec2Query')
}

/** Returns whether a service is called by method and path. */
export function speaksRest({ speaks }: PackedHead): boolean {
  return speaks.includes('restJson') || speaks.includes('restXml')
}

/** CloudTrail's prefix is a Java name in one SDK's model and its last part in another's. */
function targetNames(target: string): readonly string[] {
  const last = target.slice(target.lastIndexOf('.') + 1)
  return last === target ? [target] : [target, last]
}

function grouped(
  services: readonly GuardService[],
  keysOf: (service: GuardService) => readonly string[],
): ReadonlyMap<string, readonly GuardService[]> {
  const groups = new Map<string, GuardService[]>()
  for (const service of services) {
    for (const key of keysOf(service)) groups.set(key, [...(groups.get(key) ?? []), service])
  }
  return groups
}

class Service implements GuardService {
  readonly id: string
  readonly title: string
  readonly version: string
  readonly speaks: PackedHead['speaks']
  readonly signs: string
  readonly host: string
  readonly target?: string
  readonly prefix?: string
  readonly open?: Readonly<Record<string, string>>
  readonly exactness: PackedHead['exactness']
  readonly #text: () => string
  #section: PackedService | undefined
  #paths: PathTree | undefined

  constructor(head: PackedHead, text: () => string) {
    this.id = head.id
    this.title = head.title
    this.version = head.version
    this.speaks = head.speaks
    this.signs = head.signs
    this.host = head.host
    if (head.target !== undefined) this.target = head.target
    this.exactness = head.exactness
    if (head.prefix !== undefined) this.prefix = head.prefix
    if (head.open !== undefined) this.open = head.open
    this.#text = text
  }

  get operations(): Readonly<Record<string, PackedOperation>> {
    return this.#unpacked().operations
  }

  get templates(): readonly PackedTemplate[] {
    return this.#unpacked().templates
  }

  #unpacked(): PackedService {
    this.#section ??= JSON.parse(this.#text()) as PackedService // written by the tool for this reader
    return this.#section
  }

  operation(name: string): PackedOperation | undefined {
    return Object.hasOwn(this.operations, name) ? this.operations[name] : undefined
  }

  get paths(): PathTree {
    this.#paths ??= pathTree(this.operations)
    return this.#paths
  }
}
