import { readFileSync } from 'node:fs'
import { StoreDamaged } from '../types.ts'

/** Where a PostgreSQL store is, and how it is reached. */
export interface PgAddress {
  /** In the order in which they are tried. A host that begins with `/` is the folder of a Unix socket. */
  readonly hosts: readonly PgHost[]
  readonly database: string
  readonly user: string | undefined
  /** Absent if it comes from PGPASSFILE, or if there is none. A file is read for each connection: it may have been replaced. */
  readonly password: string | (() => string) | undefined
  /** How the server's certificate is verified; false for connections without TLS. */
  readonly tls: false | PgTls
  /** The address without user and password. */
  readonly description: string
}

/** How a server's certificate is verified. */
export interface PgTls {
  /** The certificates that are trusted, in PEM. Default: those of Node. */
  readonly ca?: string
  /** False if any certificate is accepted. */
  readonly rejectUnauthorized?: false
  /** Present if the certificate's name does not matter. */
  readonly checkServerIdentity?: () => undefined
}

export interface PgHost {
  readonly host: string
  readonly port: number
}

/** The environment variables that an address may need. */
export interface PgEnvironment {
  readonly [name: string]: string | undefined
  readonly OMEN_STORE_PASSWORD_FILE?: string
}

const defaultPort = 5432

/**
 * Parses `postgres://user@host:port,host2/database?sslmode=verify-full`. Several hosts are the members of one cluster;
 * the store uses the primary among them. The query may have `sslmode`, `sslrootcert`, `host`, `port`, `user`.
 * @throws StoreDamaged, in one line, if the address cannot be used; the line holds no password
 */
export function parsePgUrl(text: string, environment: PgEnvironment = {}): PgAddress {
  const match = /^postgres(?:ql)?:\/\/(?:([^@/?]*)@)?([^/?]*)(?:\/([^?]*))?(?:\?(.*))?$/.exec(text)
  if (!match) throw unusable('it is not of the form postgres://user@host/database')
  const [, credentials = '', hostList = '', path = '', query = ''] = match
  const [user, ...passwordParts] = credentials.split(':').map(decoded)
  const options = new URLSearchParams(query)
  for (const name of options.keys())
    if (!known.has(name))
      throw unusable(`it has an unknown option ${name}; known are ${[...known].join(', ')}`)
  const hosts = hostsOf(options.get('host') ?? decodedHosts(hostList), options.get('port'))
  const database = decoded(path) || 'omen'
  const names = hosts.map(({ host, port }) => (port === defaultPort ? host : `${host}:${port}`)).join(',')
  return {
    hosts,
    database,
    user: options.get('user') ?? (user || undefined),
    password: passwordParts.length > 0 ? passwordParts.join(':') : passwordOf(environment),
    tls: tlsOf(options, hosts),
    description: `postgres ${names}/${database}`,
  }
}

const known: ReadonlySet<string> = new Set(['sslmode', 'sslrootcert', 'host', 'port', 'user'])

function hostsOf(list: string, ports: string | null): readonly PgHost[] {
  const portList = ports?.split(',') ?? []
  const hosts = (list === '' ? 'localhost' : list).split(',')
  return hosts.map((each, index) => {
    const match = /^(\/.*|\[[0-9a-f:.]+\]|[^:[\]]+)(?::(\d{1,5}))?$/i.exec(each)
    if (!match) throw unusable(`${each} is no host`)
    const [, host = '', port = portList[index] ?? portList[0] ?? String(defaultPort)] = match
    if (!/^\d{1,5}$/.test(port) || Number(port) < 1 || Number(port) > 65_535)
      throw unusable(`${port} is no port`)
    return { host: host.replace(/^\[|\]$/g, ''), port: Number(port) }
  })
}

/** A socket's folder may be written as a host with `%2F`. */
function decodedHosts(list: string): string {
  return list.split(',').map(decoded).join(',')
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    throw unusable('it has a % that begins no escape')
  }
}

function passwordOf({ OMEN_STORE_PASSWORD_FILE: file }: PgEnvironment): (() => string) | undefined {
  if (file === undefined) return undefined
  const read = () => {
    try {
      return readFileSync(file, 'utf8').replace(/\r?\n$/, '')
    } catch (error) {
      throw unusable(`OMEN_STORE_PASSWORD_FILE cannot be read: ${messageOf(error)}`)
    }
  }
  read() // a file that is not there is a mistake of the start
  return read
}

/**
 * The meaning of `sslmode` is libpq's, with one difference: the default verifies the server, except on this machine,
 * where the default is no TLS.
 */
function tlsOf(options: URLSearchParams, hosts: readonly PgHost[]): PgAddress['tls'] {
  const mode = options.get('sslmode') ?? (hosts.every(isHere) ? 'disable' : 'verify-full')
  const rootFile = options.get('sslrootcert')
  let root: { ca?: string } = {}
  if (rootFile !== null && rootFile !== 'system')
    try {
      root = { ca: readFileSync(rootFile, 'utf8') }
    } catch (error) {
      throw unusable(`sslrootcert cannot be read: ${messageOf(error)}`)
    }
  switch (mode) {
    case 'disable':
      return false
    case 'require':
      // as libpq: with certificates to trust it is verify-ca
      return root.ca === undefined ? { rejectUnauthorized: false } : ofAnyName(root)
    case 'verify-ca':
      return ofAnyName(root)
    case 'verify-full':
      return root
    default:
      throw unusable(`sslmode must be disable, require, verify-ca or verify-full, not ${mode}`)
  }
}

function ofAnyName(root: { readonly ca?: string }): PgTls {
  return { ...root, checkServerIdentity: () => undefined }
}

function isHere({ host }: PgHost): boolean {
  return host.startsWith('/') || /^(?:localhost|::1|127(?:\.\d{1,3}){3})$/.test(host)
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}

function unusable(why: string): StoreDamaged {
  return new StoreDamaged(`the address of the store cannot be used: ${why}`)
}
