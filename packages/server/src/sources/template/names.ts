import type { Naming } from './naming.ts'
import type { TemplateOptions } from './options.ts'
import { derivedCharacters } from './random.ts'

/** Default values of the pseudo parameters. */
export const defaults = { account: '123456789012', region: 'us-east-1', partition: 'aws' } as const

/** Characters of the suffix that makes a name unique. */
const suffixLength = 12

/** The domain of a partition's endpoints. */
export function urlSuffix(partition: string): string {
  return partition === 'aws-cn' ? 'amazonaws.com.cn' : 'amazonaws.com'
}

/** Makes the names and ids of one stack's resources as CloudFormation makes them. */
export class PhysicalNames {
  readonly #options: TemplateOptions

  constructor(options: TemplateOptions) {
    this.#options = options
  }

  /** Pseudo-random characters that belong to one resource and purpose. */
  random(logicalId: string, purpose: string, length: number): string {
    const {
      account = defaults.account,
      region = defaults.region,
      stack = '',
      random = derivedCharacters,
    } = this.#options
    return random([account, region, stack, logicalId, purpose].join('/'), length)
  }

  /** The name of a resource that its template does not name (behaviour TPL-1): `stack-LogicalId-RANDOM`, cut to the longest that its type takes. */
  made(logicalId: string, type: string, naming: Naming): string {
    if (naming.id !== undefined) return this.filled(naming.id, logicalId, 'id')
    const { stack } = this.#options
    if (stack === undefined) return naming.lower === true ? logicalId.toLowerCase() : logicalId
    const room = (naming.longest ?? 128) - suffixLength - 2
    // the stack's name gives way first, down to half of the room
    const stackLength = Math.max(room - logicalId.length, Math.ceil(room / 2))
    const first = stack.slice(0, stackLength)
    const second = logicalId.slice(0, room - first.length)
    const prefix = `${first}-${second}-`
    const name =
      this.#options.existing?.(type, prefix) ?? `${prefix}${this.random(logicalId, 'name', suffixLength)}`
    return naming.lower === true ? name.toLowerCase() : name
  }

  /** A pattern of the table of names, its random parts and pseudo parameters filled in. */
  filled(pattern: string, logicalId: string, purpose: string): string {
    const {
      account = defaults.account,
      region = defaults.region,
      partition = defaults.partition,
    } = this.#options
    return pattern.replaceAll(/\{(?:(hex|id|digits|lower)(\d+)|(\w+))\}/g, (whole, kind, count, word) => {
      if (kind === 'hex') return this.#hexadecimal(logicalId, purpose, Number(count))
      if (kind === 'lower') return this.random(logicalId, purpose, Number(count)).toLowerCase()
      if (kind === 'digits') return this.#digits(logicalId, purpose, Number(count))
      if (kind === 'id') return this.random(logicalId, purpose, Number(count))
      switch (word) {
        case 'account':
          return account
        case 'region':
          return region
        case 'partition':
          return partition
        case 'suffix':
          return urlSuffix(partition)
        case 'uuid':
          return this.#uuid(logicalId, purpose)
        case 'address':
          return `203.0.113.${(this.random(logicalId, purpose, 1).charCodeAt(0) % 254) + 1}`
        default:
          return whole
      }
    })
  }

  #hexadecimal(logicalId: string, purpose: string, length: number): string {
    const text = this.random(logicalId, purpose, length)
    return [...text].map((each) => (each.charCodeAt(0) % 16).toString(16)).join('')
  }

  /** Digits that do not begin with zero. */
  #digits(logicalId: string, purpose: string, length: number): string {
    const text = [...this.random(logicalId, purpose, length)].map((each) => each.charCodeAt(0) % 10).join('')
    return text.replace(/^0/, '1')
  }

  #uuid(logicalId: string, purpose: string): string {
    const hex = this.#hexadecimal(logicalId, purpose, 32)
    return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-')
  }
}
