import { loadModel, serviceIds } from '../model/index.ts'
import { parseXml, type XmlElement } from '../wire/index.ts'
import type { Identity } from './identity.ts'

/** The answer of a call: what it returned, or the code and message of its refusal. */
export type CallAnswer =
  | { readonly ok: true; readonly output: XmlElement | undefined }
  | { readonly ok: false; readonly code: string; readonly message: string }

/** The longest input of a call, in parameters. */
const parametersMost = 1_000

/**
 * Makes a signed call by the wire, within the process: `iam:ListUsers`. Services with the query protocols are served: IAM,
 * STS and EC2. @throws TypeError if there is no such operation
 */
export async function makeCall(
  who: Identity,
  operation: string,
  input: Readonly<Record<string, unknown>> = {},
): Promise<CallAnswer> {
  const [prefix = '', name = ''] = operation.split(':')
  const service = serviceIds.find((id) => id === prefix)
  const model = service === undefined ? undefined : loadModel(service)
  if (model === undefined || !(model.protocol === 'awsQuery' || model.protocol === 'ec2Query'))
    throw new TypeError(`${operation} is no call of IAM, STS or EC2`)
  if (!Object.hasOwn(model.operations, name)) throw new TypeError(`there is no operation ${operation}`)
  const body = new URLSearchParams({ Action: name, Version: model.apiVersion })
  let left = parametersMost
  const add = (key: string, value: unknown): void => {
    if (left-- === 0) throw new TypeError(`the input of ${operation} has more than ${parametersMost} values`)
    if (Array.isArray(value)) {
      const inner = model.protocol === 'ec2Query' ? key : `${key}.member`
      for (const [index, each] of value.entries()) add(`${inner}.${index + 1}`, each)
    } else if (typeof value === 'object' && value !== null)
      for (const [member, each] of Object.entries(value)) add(`${key}.${member}`, each)
    else body.append(key, String(value))
  }
  for (const [key, value] of Object.entries(input)) add(key, value)
  const response = await who.fetch(`https://${prefix}.amazonaws.com/`, {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: body.toString(),
  })
  const answer = parseXml(await response.text())
  if (response.ok) return { ok: true, output: answer }
  return { ok: false, code: textIn(answer, 'Code') ?? '', message: textIn(answer, 'Message') ?? '' }
}

/** The text of the first element of a name, at any depth. */
export function textIn(element: XmlElement | undefined, name: string): string | undefined {
  if (element === undefined) return undefined
  if (element.name === name) return element.text
  for (const child of element.children) {
    const found = textIn(child, name)
    if (found !== undefined) return found
  }
  return undefined
}
