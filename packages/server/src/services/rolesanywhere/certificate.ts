import { type Der, members, oidOf, readAll, textOf, timeOf } from './der.ts'

/** An attribute of a name: `CN`, and its value. */
export type Attribute = readonly [name: string, value: string]

/** The facts about a certificate that the platform does not read. */
export interface CertificateFacts {
  readonly version: number
  /** Hexadecimal, in small letters. */
  readonly serial: string
  readonly algorithm: string
  readonly subject: readonly Attribute[]
  readonly issuer: readonly Attribute[]
  readonly from: number
  readonly until: number
  readonly isAuthority: boolean
  /** Names of what the key is for; undefined if the certificate does not say. */
  readonly keyUsage: ReadonlySet<KeyUsage> | undefined
  /** Other names: `DNS`, `URI` and `Name/CN` …. */
  readonly otherNames: readonly Attribute[]
}

const usages = [
  'digitalSignature',
  'nonRepudiation',
  'keyEncipherment',
  'dataEncipherment',
  'keyAgreement',
  'keyCertSign',
  'cRLSign',
] as const
export type KeyUsage = (typeof usages)[number]

/** Short names of attributes, as tags have them. */
const attributes: Readonly<Record<string, string>> = {
  '2.5.4.3': 'CN',
  '2.5.4.4': 'SN',
  '2.5.4.5': 'serialNumber',
  '2.5.4.6': 'C',
  '2.5.4.7': 'L',
  '2.5.4.8': 'ST',
  '2.5.4.9': 'street',
  '2.5.4.10': 'O',
  '2.5.4.11': 'OU',
  '2.5.4.12': 'T',
  '2.5.4.42': 'GN',
  '2.5.4.43': 'I',
  '2.5.4.44': 'genQualifier',
  '2.5.4.46': 'dnQualifier',
  '2.5.4.65': 'pseudonym',
  '0.9.2342.19200300.100.1.1': 'UID',
  '0.9.2342.19200300.100.1.25': 'DC',
  '1.2.840.113549.1.9.1': 'E',
}

/** Reads a certificate. @throws Error if it cannot be read */
export function readCertificate(der: Buffer): CertificateFacts {
  const [body] = members(readAll(der)[0]!)
  const parts = members(body!)
  const hasVersion = parts[0]?.tag === 0xa0
  const version = hasVersion ? (members(parts[0]!)[0]?.value[0] ?? 0) + 1 : 1
  const [serial, algorithm, issuer, validity, subject, ...rest] = parts.slice(hasVersion ? 1 : 0)
  const [from, until] = members(validity!)
  const extensions = new Map<string, Der>()
  const list = rest.find(({ tag }) => tag === 0xa3)
  for (const each of list === undefined ? [] : members(members(list)[0]!)) {
    const inner = members(each)
    extensions.set(oidOf(inner[0]!), inner.at(-1)!)
  }
  return {
    version,
    serial: serial!.value.toString('hex').replace(/^(?:00)+(?=.)/, ''),
    algorithm: oidOf(members(algorithm!)[0]!),
    issuer: nameOf(issuer!),
    subject: nameOf(subject!),
    from: timeOf(from!),
    until: timeOf(until!),
    isAuthority: authorityIn(extensions.get('2.5.29.19')),
    keyUsage: usageIn(extensions.get('2.5.29.15')),
    otherNames: otherNamesIn(extensions.get('2.5.29.17')),
  }
}

/** Returns the attributes of a name; those that have no short name are left out. */
export function nameOf(name: Der): readonly Attribute[] {
  return members(name).flatMap((set) =>
    members(set).flatMap((pair): Attribute[] => {
      const [type, value] = members(pair)
      const short = attributes[oidOf(type!)]
      return short === undefined ? [] : [[short, textOf(value!)]]
    }),
  )
}

function authorityIn(extension: Der | undefined): boolean {
  if (extension === undefined) return false
  const [flag] = members(readAll(extension.value)[0]!)
  return flag?.tag === 0x01 && flag.value[0] !== 0
}

function usageIn(extension: Der | undefined): ReadonlySet<KeyUsage> | undefined {
  if (extension === undefined) return undefined
  const bits = readAll(extension.value)[0]!.value[1] ?? 0
  return new Set(usages.filter((_, index) => (bits & (0x80 >> index)) !== 0))
}

function otherNamesIn(extension: Der | undefined): readonly Attribute[] {
  if (extension === undefined) return []
  return members(readAll(extension.value)[0]!).flatMap((name): readonly Attribute[] => {
    if (name.tag === 0x82) return [['DNS', name.value.toString('latin1')]]
    if (name.tag === 0x86) return [['URI', name.value.toString('latin1')]]
    if (name.tag !== 0xa4) return []
    return nameOf(members(name)[0]!).map(([short, value]) => [`Name/${short}`, value])
  })
}
