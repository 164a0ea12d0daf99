import type { Call } from '../../authorization/index.ts'
import { perText } from '../../base/index.ts'
import { parseXml, type XmlElement } from '../../wire/index.ts'
import { ask, type Question } from '../ask.ts'
import type { Upstream } from '../upstream.ts'

/** A request to the upstream, wherever the call is; by POST to `/` by default. */
export type Asked = Pick<Question, 'service' | 'headers' | 'body'> &
  Partial<Pick<Question, 'method' | 'path' | 'query'>>

/** The text of the upstream's answer; undefined if it refuses. @throws NoReply if it does not answer */
export async function answerTo(
  asked: Asked,
  { account, region }: Pick<Call, 'account' | 'region'>,
  upstream: Upstream,
): Promise<string | undefined> {
  const question = { method: 'POST', path: '/', ...asked, account: account.id, region } as const
  const { status, text } = await ask(question, upstream)
  return status === 200 ? text : undefined
}

/** A question in JSON, by target. */
export function inJson(service: string, version: '1.0' | '1.1', target: string, body: unknown): Asked {
  const headers = { 'content-type': `application/x-amz-json-${version}`, 'x-amz-target': target }
  return { service, headers, body: JSON.stringify(body) }
}

/** A question as a form. */
export function inForm(service: string, fields: Readonly<Record<string, string>>): Asked {
  const headers = { 'content-type': 'application/x-www-form-urlencoded' }
  return { service, headers, body: new URLSearchParams(fields).toString() }
}

/** The content of a JSON text if it has members. */
export function objectIn(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(text)
    return isObject(value) ? value : undefined
  } catch {
    return undefined
  }
}

/** The members of a remembered answer in JSON, which is parsed once; empty for any other text. */
export const membersIn = perText((text) => membersOf(objectIn(text)))

/** The members of a value; empty for any other value. */
export function membersOf(value: unknown): Readonly<Record<string, unknown>> {
  return isObject(value) ? value : {}
}

/** Returns whether a value has members. */
export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null
}

/** Every element of a text in XML. */
export function* elementsIn(text: string): Generator<XmlElement> {
  const root = parseXml(text)
  const waiting: XmlElement[] = root === undefined ? [] : [root]
  for (let element = waiting.pop(); element !== undefined; element = waiting.pop()) {
    yield element
    waiting.push(...element.children)
  }
}
