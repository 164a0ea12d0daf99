import type { ClientCredentials, RunningOmen } from 'omen-iam/testing'
import { type HttpRequest, Secret } from '../../packages/server/src/base/index.ts'
import { signedHeaders } from '../../packages/server/src/wire/sigv4/index.ts'
import { member } from './answers-seed.ts'

const versions: Readonly<Record<string, string>> = {
  iam: '2010-05-08',
  sts: '2011-06-15',
  ec2: '2016-11-15',
}

/** APIs whose calls are JSON, by the prefix of their targets. */
const targets: Readonly<Record<string, string>> = {
  identitystore: 'AWSIdentityStore',
  organizations: 'AWSOrganizationsV20161128',
}

/** The request of a line of the corpora of answers (answers.test.ts). */
export function requestOf(omen: RunningOmen, line: string): HttpRequest {
  const [, who = '', service, operation = '', method = 'POST', path = '', rest = ''] =
    /^(\S+) (?:(\w+):(\w+)|([A-Z]+) (\S+)) ?(.*)$/.exec(line) ?? []
  const headers: Record<string, string> = { host: 'localhost:6636', 'user-agent': 'corpus' }
  let body = rest
  for (const [whole, name = '', value = ''] of rest.matchAll(/\[([\w-]+)=([^\]]*)\] ?/g)) {
    headers[name] = value
    body = body.replace(whole, '')
  }
  if (service !== undefined && targets[service] !== undefined) {
    headers['content-type'] = 'application/x-amz-json-1.1'
    headers['x-amz-target'] = `${targets[service]}.${operation}`
    headers.host = `${service}.amazonaws.com`
  } else if (service !== undefined) {
    headers['content-type'] = 'application/x-www-form-urlencoded'
    headers.host = `${service}.amazonaws.com`
    const input = Object.fromEntries(fieldsOf(body === '' ? {} : JSON.parse(body)))
    body = new URLSearchParams({ Action: operation, Version: versions[service]!, ...input }).toString()
  }
  const [rawPath = '/', rawQuery = ''] = (service === undefined ? path : '/').split('?')
  const request: HttpRequest = {
    method,
    rawPath,
    rawQuery,
    headers,
    body: Buffer.from(body),
    remoteAddress: headers['x-from'] ?? '127.0.0.1',
    secure: false,
  }
  if (who === 'nobody') return request
  const key: ClientCredentials =
    who === 'root' || who === 'admin'
      ? omen.keys[who]
      : omen.as(who === 'mia' ? `arn:aws:iam::${member}:user/mia` : who).credentials
  const { accessKeyId, secretAccessKey, sessionToken } = key
  const signer = {
    accessKeyId,
    secret: new Secret(secretAccessKey),
    region: 'us-east-1',
    service: service ?? 'omen',
    ...(sessionToken === undefined ? {} : { sessionToken }),
  }
  return { ...request, headers: signedHeaders(request, signer, omen.clock.now()) }
}

/** An input as the fields of a form: lists by their numbers. */
function fieldsOf(input: object, before = ''): readonly (readonly [string, string])[] {
  return Object.entries(input).flatMap(([name, value]): readonly (readonly [string, string])[] => {
    const member = Array.isArray(input) ? `${before}member.${Number(name) + 1}` : `${before}${name}`
    if (typeof value === 'object' && value !== null && !('Version' in value))
      return fieldsOf(value, `${member}.`)
    return [[member, typeof value === 'string' ? value : JSON.stringify(value)]]
  })
}

const usual: Readonly<Record<string, string>> = {
  'content-type': 'application/json',
  'cache-control': 'no-store',
  'x-content-type-options': 'nosniff',
}

/** The headers that are not as usual; ids of requests and dates say nothing. */
export function headersOf(headers: Readonly<Record<string, unknown>>): string {
  return Object.entries(headers)
    .filter(
      ([name, value]) =>
        usual[name] !== value && !/^(?:date|x-amzn-requestid|x-omen-decision-id)$/i.test(name),
    )
    .map(([name, value]) => ` ${name}: ${value}`)
    .join(';')
}

/** An answer's body: JSON as a value; anything else as text. */
export function bodyOf(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return text.replace(/^(<svg[^>]*>).*$/s, '$1').replaceAll(/<RequestI[dD]>.*?<\/RequestI[dD]>/gi, '')
  }
}

/** A part of an answer, by its path: `list.0.name`. */
export function partOf(value: unknown, path: string): unknown {
  return path.split('.').reduce((at: unknown, name) => Object(at)[name], value)
}

/** The members of these names, at any depth; without names all but the records of events. */
export function membersOf(value: unknown, names: readonly string[]): unknown {
  if (typeof value !== 'object' || value === null) return names.length === 0 ? value : undefined
  if (Array.isArray(value)) {
    const shown = value.map((each) => membersOf(each, names)).filter((each) => each !== undefined)
    return shown.length === 0 && names.length > 0 ? undefined : shown
  }
  const members = Object.entries(value).flatMap(([name, each]) => {
    const shown = names.includes(name) ? membersOf(each, []) : membersOf(each, names)
    return shown === undefined || name === 'json' || name === 'record' ? [] : [[name, shown] as const]
  })
  return members.length === 0 && names.length > 0 ? undefined : Object.fromEntries(members)
}

/** Text by its lines, a value as JSON whose short parts are on one line. */
export function linesOf(value: unknown): readonly string[] {
  if (value === undefined) return []
  if (typeof value !== 'string') return linesOfJson(value)
  return value
    .replaceAll(/(?<=>)(?=<\w)/g, '\n')
    .split('\n')
    .filter((line) => line !== '')
}

function linesOfJson(value: unknown): readonly string[] {
  const short = JSON.stringify(value)
  if (short.length <= 150 || typeof value !== 'object' || value === null) return [short]
  const entries = Array.isArray(value) ? value.map((each) => ['', each] as const) : Object.entries(value)
  const lines = entries.flatMap(([name, each]) => {
    const [first = '', ...rest] = linesOfJson(each)
    return [` ${name === '' ? '' : `${name}: `}${first}`, ...rest.map((line) => ` ${line}`)]
  })
  return Array.isArray(value) ? ['[', ...lines, ']'] : ['{', ...lines, '}']
}
