import { Secret } from '../../packages/server/src/base/index.ts'
import type { RunningOmen } from '../../packages/server/src/index.ts'
import { parseXml } from '../../packages/server/src/wire/index.ts'
import { signedHeaders } from '../../packages/server/src/wire/sigv4/index.ts'

/** Credentials that sign a request. */
export interface Keys {
  readonly accessKeyId: string
  readonly secretAccessKey: string
  readonly sessionToken?: string
}

/** A call as a row has it: `iam:GetUser`, its input or its parameters as they are sent. */
export interface Asked {
  readonly call: string
  readonly input?: object
  readonly form?: readonly (readonly [name: string, value: string])[]
  readonly host?: string
  /** The header X-Amz-Target, if it is not the usual one. */
  readonly target?: string
}

/** An answer, with the members of its output as texts, lists and objects. */
export interface Answered {
  readonly code: string
  readonly status: number
  readonly message: string
  readonly output: Readonly<Record<string, unknown>>
  readonly body: string
}

const versions: Readonly<Record<string, string>> = { iam: '2010-05-08', sts: '2011-06-15' }
const targets: Readonly<Record<string, string>> = {
  cloudtrail: 'CloudTrail_20131101',
  organizations: 'AWSOrganizationsV20161128',
}

/** Sends a call to a server in process, signed, without any SDK. */
export async function send({ omen, clock }: RunningOmen, keys: Keys, asked: Asked): Promise<Answered> {
  const [service = '', operation = ''] = asked.call.split(':')
  const version = versions[service]
  const request = {
    method: 'POST',
    rawPath: '/',
    rawQuery: '',
    headers: {
      host: asked.host ?? `${service}.us-east-1.amazonaws.com`,
      ...(version === undefined
        ? {
            'content-type': 'application/x-amz-json-1.1',
            'x-amz-target': asked.target ?? `${targets[service]}.${operation}`,
          }
        : { 'content-type': 'application/x-www-form-urlencoded' }),
    },
    body: Buffer.from(
      version === undefined
        ? JSON.stringify(asked.input ?? {})
        : formText([
            ['Action', operation],
            ['Version', version],
            ...(asked.form ?? formOf(asked.input ?? {})),
          ]),
    ),
  }
  const { accessKeyId, secretAccessKey, sessionToken } = keys
  const signer = {
    accessKeyId,
    secret: new Secret(secretAccessKey),
    ...(sessionToken === undefined ? {} : { sessionToken }),
    region: 'us-east-1',
    service,
  }
  const headers = signedHeaders(request, signer, clock.now())
  const answer = await omen.answer({ ...request, headers, remoteAddress: '127.0.0.1', secure: true })
  const body = String(answer.body)
  return version === undefined ? ofJson(answer.status, body) : ofXml(answer.status, body)
}

function formText(form: readonly (readonly [string, string])[]): string {
  return form.map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`).join('&')
}

/** The parameters of an input, as awsQuery names them; an empty list is an empty parameter. */
function formOf(input: object, prefix = ''): [string, string][] {
  return Object.entries(input).flatMap(([name, value]): [string, string][] => {
    const path = prefix + name
    if (Array.isArray(value)) {
      if (value.length === 0) return [[path, '']]
      return value.flatMap((item, index) => formOf({ [`${path}.member.${index + 1}`]: item }))
    }
    if (typeof value !== 'object' || value === null) return [[path, String(value)]]
    if (name !== 'Properties') return formOf(value, `${path}.`)
    const entries = Object.entries(value as object)
    if (entries.length === 0) return [[path, '']]
    return entries.flatMap(([key, content], index): [string, string][] => [
      [`${path}.entry.${index + 1}.key`, key],
      [`${path}.entry.${index + 1}.value`, String(content)],
    ])
  })
}

function ofJson(status: number, body: string): Answered {
  const output = JSON.parse(body === '' ? '{}' : body) as Record<string, unknown>
  const code = status === 200 ? 'Success' : String(output.__type)
  return { code, status, message: String(output.Message ?? output.message ?? ''), output, body }
}

type Element = NonNullable<ReturnType<typeof parseXml>>

function ofXml(status: number, body: string): Answered {
  const root = parseXml(body)
  if (root === undefined) throw new Error(`no XML: ${body.slice(0, 200)}`)
  const [first] = root.children
  const content = first === undefined ? {} : contentOf(first)
  const output = (typeof content === 'object' ? content : {}) as Record<string, unknown>
  if (root.name !== 'ErrorResponse') return { code: 'Success', status, message: '', output, body }
  return { code: String(output.Code), status, message: String(output.Message ?? ''), output, body }
}

function contentOf({ children, text }: Element): unknown {
  if (children.length === 0) return text
  if (children.every(({ name }) => name === 'member')) return children.map(contentOf)
  if (children.every(({ name }) => name === 'entry'))
    return Object.fromEntries(
      children.map((entry) => [entry.children[0]?.text ?? '', entry.children[1]?.text ?? '']),
    )
  return Object.fromEntries(children.map((child) => [child.name, contentOf(child)]))
}
