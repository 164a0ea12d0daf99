import { isBool } from '../condition/bool.ts'
import { type Address, contains, type Network, parseNetwork } from '../condition/ip.ts'
import type { ValueType } from '../condition/operator-names.ts'
import { type ParsedOperator, parseOperator } from '../condition/operators.ts'
import type { FindingClass } from '../document/finding.ts'
import type { ConditionEntry, Effect, Located, Policy, Statement } from '../document/policy.ts'
import type { Report } from '../parse/report.ts'
import { isListKey } from '../request/list-keys.ts'

/** Conditions whose values are of the wrong type, or that hold always, never or by accident. */
export function checkConditions({ statements }: Policy, report: Report): void {
  for (const statement of statements) {
    checkKeys(statement, report)
    checkPairs(statement, report)
    for (const entry of statement.condition) {
      const check = new ConditionCheck(statement, entry, report)
      check.values()
      check.qualifier()
      check.key()
      check.addresses()
    }
  }
}

/** Key names ignore case, so one block may have the same key twice. */
function checkKeys({ index, condition }: Statement, report: Report): void {
  const seen = new Set<string>()
  for (const { operator, key, span } of condition) {
    const name = `${operator} ${key.toLowerCase()}`
    if (seen.has(name)) {
      const message =
        'The condition key appears more than once with different capitalization in the same condition block. Remove the duplicate condition keys.'
      report.note(
        'error',
        'DUPLICATE_KEYS_WITH_DIFFERENT_CASE',
        message,
        ['Statement', index, 'Condition', operator, key],
        span,
      )
    }
    seen.add(name)
  }
}

/** Keys of private addresses, which name no machine without the network that they are in. */
const paired: Readonly<Record<string, readonly string[] | undefined>> = {
  'aws:vpcsourceip': ['aws:SourceVpc', 'aws:SourceVpce'],
  'aws:ec2instancesourceprivateipv4': ['aws:Ec2InstanceSourceVpc'],
}

/** A key that is of use only beside another one, in a statement without it (behaviour LNT-21). */
function checkPairs({ index, condition }: Statement, report: Report): void {
  const keys = new Set(condition.map(({ key }) => key.toLowerCase()))
  for (const { operator, key, span } of condition) {
    const lowered = key.toLowerCase()
    const others = Object.hasOwn(paired, lowered) ? paired[lowered] : undefined
    if (others === undefined || others.some((each) => keys.has(each.toLowerCase()))) continue
    report.note(
      'securityWarning',
      'MISSING_PAIRED_CONDITION_KEYS',
      `Using the condition key ${key} can be overly permissive without also using the following condition keys: ${others.join(', ')}. Condition keys like this one are more secure when paired with a related key. We recommend that you add the related condition keys to the same condition block.`,
      ['Statement', index, 'Condition', operator, key],
      span,
    )
  }
}

/** `$` is replaced by the operator. Any text is a string. */
const mismatches: Readonly<Record<ValueType, readonly [code: string, message: string] | undefined>> = {
  String: undefined,
  Numeric: ['TYPE_MISMATCH_NUMBER', 'Add a valid numeric value for the condition operator $.'],
  Date: [
    'TYPE_MISMATCH_DATE',
    'The date condition operator is used with an invalid value. Specify a valid date using YYYY-MM-DD or other ISO 8601 date/time format.',
  ],
  Bool: ['TYPE_MISMATCH_BOOLEAN', 'Add a valid Boolean value (true or false) for the condition operator $.'],
  Binary: ['TYPE_MISMATCH_STRING', 'Add a valid base64-encoded string value for the condition operator $.'],
  IpAddress: [
    'TYPE_MISMATCH_IP_RANGE',
    'The condition operator $ is used with an invalid IP range value. Specify the IP range in standard CIDR format.',
  ],
  Arn: [
    'TYPE_MISMATCH_ARN',
    'The condition operator $ is used with a value that is not an ARN of six parts.',
  ],
}

class ConditionCheck {
  readonly #index: number
  readonly #effect: Effect
  readonly #entry: ConditionEntry
  readonly #report: Report
  readonly #name: ParsedOperator
  readonly #key: string

  constructor({ index, effect }: Statement, entry: ConditionEntry, report: Report) {
    this.#index = index
    this.#effect = effect
    this.#entry = entry
    this.#report = report
    this.#name = parseOperator(entry.operator)
    this.#key = entry.key.toLowerCase()
  }

  values(): void {
    const { values } = this.#entry
    const { set, ifExists, operator } = this.#name
    if (values.length === 0) {
      const code = set ?? (ifExists ? 'IfExists' : undefined)
      this.#note(
        'suggestion',
        code === undefined ? 'EMPTY_ARRAY_CONDITION' : `EMPTY_ARRAY_CONDITION_${code.toUpperCase()}`,
        emptyText(code, this.#entry.key),
      )
    }
    if (operator?.type === 'Bool' && new Set(values.map(({ value }) => value.toLowerCase())).size > 1) {
      this.#note(
        'error',
        'INVALID_CONDITION_MULTIPLE_BOOLEAN',
        'The condition key does not support multiple Boolean values. Use a single Boolean value.',
      )
    }
    for (const value of values) this.#value(value)
  }

  #value({ value, span }: Located): void {
    const { base, operator } = this.#name
    const variable = value.includes('${')
    const type = base === 'Null' ? 'Bool' : operator?.type
    const fits = operator === undefined ? isBool(value) : operator.reads(value)
    const mismatch = type && mismatches[type]
    if (!fits && !variable && mismatch !== undefined) {
      const [code, message] = mismatch
      const grave = code === 'TYPE_MISMATCH_IP_RANGE' ? 'error' : 'warning'
      this.#note(grave, code, `${message.replace('$', base)}${meantRange(value, type)}`, span)
    }
    if (type === 'Date' && /^\d+$/.test(value)) {
      this.#note(
        'warning',
        'INVALID_DATE_VALUE',
        `The date ${value} might not resolve as expected. We recommend that you use the YYYY-MM-DD format.`,
        span,
      )
    }
    if (type === 'String' && operator?.takesWildcards === false && /[*?]/.test(value) && !variable) {
      this.#note(
        'warning',
        'WILDCARD_WITHOUT_LIKE_OPERATOR',
        'Your condition value includes a * or ? character. If you meant to use a wildcard (*, ?), update the condition operator to include Like.',
        span,
      )
    }
  }

  qualifier(): void {
    const { base, set, ifExists } = this.#name
    if (set === 'ForAnyValue' && ifExists)
      this.#note(
        'suggestion',
        'FORANYVALUE_WITH_IF_EXISTS',
        `AWS does not say whether ForAnyValue with IfExists holds if the request has no ${this.#entry.key}. Use the condition operator Null in a statement of its own instead of IfExists.`,
      )
    const global = this.#key.startsWith('aws:')
    if (base === 'Null') {
      if (set !== undefined)
        this.#note(
          'suggestion',
          'NULL_WITH_QUALIFIER',
          'Avoid using the Null condition operator with the ForAllValues or ForAnyValue qualifiers because they always return a true or false respectively.',
        )
    } else if (set === undefined && isListKey(this.#key)) {
      this.#note(
        'error',
        'MISSING_QUALIFIER',
        `The request context key ${this.#entry.key} has multiple values. Use the ForAllValues or ForAnyValue condition key qualifiers in your policy. ${this.#withoutQualifier()}`,
      )
    } else if (set === 'ForAllValues' && global && !isListKey(this.#key)) {
      this.#note(
        'securityWarning',
        'FORALLVALUES_WITH_SINGLE_VALUED_KEY',
        `Using ForAllValues qualifier with the single-valued condition key ${this.#entry.key} can be overly permissive. We recommend that you remove ForAllValues:.`,
      )
    }
  }

  /** The result of an operator for one value on a key that holds a list (behaviour POL-200). */
  #withoutQualifier(): string {
    const { ifExists, operator } = this.#name
    if (ifExists || operator?.negated) {
      return `Without one the condition holds only if the request has no ${this.#entry.key}.`
    }
    return `Without one the condition never holds, and the statement ${this.#effect === 'Allow' ? 'allows' : 'denies'} nothing.`
  }

  key(): void {
    if (this.#key === 'aws:arn') {
      this.#note(
        'warning',
        'DEPRECATED_GLOBAL_CONDITION_KEY',
        'We recommend that you update aws:ARN to use the newer condition key aws:PrincipalArn.',
      )
    }
    if (/^[a-z0-9-]+:(?:resourcetag|requesttag|principaltag)\/?$/.test(this.#key)) {
      this.#note(
        'error',
        'MISSING_TAG_KEY_IN_CONDITION',
        `The condition key ${this.#entry.key} must include a tag key to control access based on tags. Use the format ${this.#entry.key.replace('/', '')}/tag-key and specify a key name for tag-key.`,
      )
    }
  }

  addresses(): void {
    const { operator } = this.#name
    if (operator?.type !== 'IpAddress') return
    const networks: Network[] = []
    for (const { value, span } of this.#entry.values) {
      const network = parseNetwork(value)
      if (network === undefined) continue
      networks.push(network)
      if (hasHostBits(network))
        this.#note(
          'suggestion',
          'IMPROVE_IP_RANGE',
          `The non-zero bits in the IP address after the masked bits are ignored. Replace address with ${maskedText(network)}.`,
          span,
        )
    }
    if (this.#key !== 'aws:sourceip' || networks.length === 0) return
    const privates = networks.filter(isPrivate).length
    const { negated } = operator
    if (privates === networks.length) {
      this.#note(
        'error',
        negated ? 'PRIVATE_NOT_IP_ADDRESS' : 'PRIVATE_IP_ADDRESS',
        negated
          ? 'The values for condition key aws:SourceIp include only private IP addresses and has no effect. aws:SourceIp works only for public IP address ranges. Update the value to include only public IP addresses.'
          : 'aws:SourceIp works only for public IP address ranges. The values for condition key aws:SourceIp include only private IP addresses and will not have the desired effect. Update the value to include only public IP addresses.',
      )
    } else if (privates > 0) {
      this.#note(
        'suggestion',
        negated ? 'PRIVATE_NOT_IP_ADDRESS_SUBSET' : 'PRIVATE_IP_ADDRESS_SUBSET',
        `The values for condition key aws:SourceIp include a mix of private and public IP addresses. The private addresses ${negated ? 'have no effect' : 'will not have the desired effect'}. aws:SourceIp works only for public IP address ranges. To define permissions for private IP ranges, use aws:VpcSourceIp.`,
      )
    }
  }

  #note(kind: FindingClass, code: string, message: string, span = this.#entry.span): void {
    const { operator, key } = this.#entry
    this.#report.note(kind, code, message, ['Statement', this.#index, 'Condition', operator, key], span)
  }
}

const privateNetworks: readonly Network[] = [
  '10.0.0.0/8',
  '172.16.0.0/12',
  '192.168.0.0/16',
  'fc00::/7',
].flatMap((range) => parseNetwork(range) ?? [])

function isPrivate(network: Network): boolean {
  return privateNetworks.some((range) => network.bits >= range.bits && contains(range, network.address))
}

/** The message for a condition without values, by its set operator or IfExists. */
function emptyText(code: string | undefined, key: string): string {
  const instead =
    'To determine if the request context is empty, we recommend that you use the Null condition operator with the value of true instead.'
  switch (code) {
    case 'ForAllValues':
      return `The ForAllValues prefix with an empty condition key matches only if the key ${key} is missing from the request context. ${instead}`
    case 'ForAnyValue':
      return `The ForAnyValue prefix with an empty condition key ${key} never matches the request context and it does not affect the policy. Specify conditions.`
    case 'IfExists':
      return `The IfExists suffix with an empty condition key matches only if the key ${key} is missing from the request context. ${instead}`
    default:
      return `There are no values for the condition key ${key} and it does not affect the policy. Specify conditions.`
  }
}

/**
 * The IPv6 range to write in place of one that has bits behind its prefix: as it is it holds no address (behaviour
 * POL-205).
 */
function meantRange(value: string, type: ValueType | undefined): string {
  const slash = value.lastIndexOf('/')
  const [text, bits] = [value.slice(0, slash), value.slice(slash + 1)]
  if (type !== 'IpAddress' || !text.includes(':') || !/^\+?\d{1,3}$/.test(bits)) return ''
  const network = parseNetwork(text)
  if (network === undefined || Number(bits) > 128) return ''
  const masked = maskedText({ ...network, bits: Number(bits) })
  return ` An IPv6 range with non-zero bits behind its prefix holds no address. Replace it with ${masked}.`
}

/** The text of a range without bits after its mask. */
function maskedText({ address, bits }: Network): string {
  const words = maskWords(address, address.version === 4 ? bits + 96 : bits)
  if (address.version === 4) {
    const word = words[3]
    return `${[24, 16, 8, 0].map((shift) => (word >>> shift) & 255).join('.')}/${bits}`
  }
  const groups = words.flatMap((word) => [(word >>> 16) & 0xffff, word & 0xffff])
  return `${groups.map((group) => group.toString(16)).join(':')}/${bits}`
}

/** Whether the address has bits after the mask. */
function hasHostBits({ address, bits }: Network): boolean {
  const masked = maskWords(address, address.version === 4 ? bits + 96 : bits)
  return masked.some((word, index) => word !== address.words[index])
}

function maskWords({ words: [first, second, third, last] }: Address, bits: number): Address['words'] {
  const mask = (before: number): number => (bits <= before ? 0 : -1 << Math.max(0, 32 - (bits - before)))
  return [first & mask(0), second & mask(32), third & mask(64), last & mask(96)]
}
