import { parseXml, type XmlElement } from '../wire/index.ts'
import { type Answer, type Keys, sendSigned } from './client.ts'
import { CommandFailure, exitCodes, ServiceRefusal } from './failure.ts'
import type { RunningServer } from './home.ts'

/** An operation's input: strings, structures and lists; undefined members are left out. */
export type Input = { readonly [name: string]: Value | undefined }
type Value = string | number | Input | readonly (string | Input)[]

const apiVersions = { iam: '2010-05-08', sts: '2011-06-15' } as const

/**
 * Calls an operation of IAM or STS as any AWS client does, and returns its result. @throws ServiceRefusal in the AWS
 * CLI's words if the server refuses
 */
export async function callQuery(
  server: Pick<RunningServer, 'url' | 'partition'>,
  keys: Keys,
  service: keyof typeof apiVersions,
  operation: string,
  input: Input = {},
): Promise<XmlElement> {
  const form = new URLSearchParams({ Action: operation, Version: apiVersions[service] })
  addTo(form, '', input)
  const response = await sendSigned(server, keys, {
    method: 'POST',
    path: '/',
    service,
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: form.toString(),
  })
  const root = parseXml(response.text)
  if (root === undefined) throw new CommandFailure(`${server.url} answered with no XML`, exitCodes.other)
  if (response.ok) return childOf(root, `${operation}Result`) ?? root
  const code = textAt(root, 'Error', 'Code') ?? String(response.status)
  const message = textAt(root, 'Error', 'Message') ?? ''
  throw new ServiceRefusal(
    code,
    `An error occurred (${code}) when calling the ${operation} operation: ${message}${decisionIn(response)}`,
  )
}

/** Where to read more of a denial; empty for an error of another kind, whose decision was to allow. */
function decisionIn({ headers, status }: Answer): string {
  const id = status === 403 ? headers.get('x-omen-decision-id') : null
  return id === null ? '' : `\nsay why: omen why ${id}`
}

/** The first child of that name. */
export function childOf(element: XmlElement, name: string): XmlElement | undefined {
  return element.children.find((child) => child.name === name)
}

/** The text of the element that the names lead to. */
export function textAt(element: XmlElement, ...names: readonly string[]): string | undefined {
  let at: XmlElement | undefined = element
  for (const name of names) at = at && childOf(at, name)
  return at?.text
}

/** The text of the element at a path of names. @throws CommandFailure if the answer lacks it */
export function neededText(element: XmlElement, ...names: readonly string[]): string {
  const text = textAt(element, ...names)
  if (text === undefined)
    throw new CommandFailure(`the server's answer has no ${names.join('.')}`, exitCodes.other)
  return text
}

/** Members in the query protocol's own writing: `Tags.member.1.Key`. */
function addTo(form: URLSearchParams, prefix: string, input: Input): void {
  for (const [name, value] of Object.entries(input)) {
    if (value === undefined) continue
    if (typeof value === 'string' || typeof value === 'number') form.append(prefix + name, String(value))
    else if (isList(value)) {
      for (const [i, item] of value.entries()) {
        const member = `${prefix}${name}.member.${i + 1}`
        if (typeof item === 'string') form.append(member, item)
        else addTo(form, `${member}.`, item)
      }
    } else addTo(form, `${prefix}${name}.`, value)
  }
}

function isList(value: Input | readonly (string | Input)[]): value is readonly (string | Input)[] {
  return Array.isArray(value)
}
