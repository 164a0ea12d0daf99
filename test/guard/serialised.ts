import { guardCatalogue } from '../../packages/server/src/guard/catalogue/index.ts'
import { form, json, type Sent } from './asked.ts'

type Input = Readonly<Record<string, unknown>>

/**
 * A call of any operation that the guard knows, written in its service's own protocol. Of its input, what the guard
 * reads; and `?parameter` and `x-amz-header`, which it looks at without reading.
 */
export function serialised(service: string, operation: string, input: Input): Sent {
  const known = guardCatalogue().byId.get(service)
  const packed = known?.operation(operation)
  if (known === undefined || packed === undefined) throw new Error(`no ${service} ${operation}`)
  const { signs, target, version, speaks } = known
  if (packed.http === undefined) {
    return speaks.includes('awsJson1_0') || speaks.includes('awsJson1_1')
      ? json(signs, `${target}.${operation}`, input)
      : form(signs, { Action: operation, Version: version, ...flattened(input, speaks.includes('ec2Query')) })
  }
  const [method = '', uri = ''] = packed.http.split(' ')
  const [template = '', constants = ''] = uri.split('?')
  let path = template
  const query = constants === '' ? [] : [constants]
  const headers: Record<string, string> = {}
  const body: Record<string, unknown> = {}
  for (const [name, value] of Object.entries(input)) {
    const { as = name, in: place } = packed.input?.[name] ?? {}
    const text = String(value)
    if (name.startsWith('?')) query.push(`${name.slice(1)}=${encodeURIComponent(text)}`)
    else if (name.startsWith('x-amz-')) headers[name] = text
    else if (place === 'uri')
      path = path.replace(new RegExp(`\\{${as}\\+?\\}`), (label) => encoded(text, label))
    else if (place === 'query') query.push(`${as}=${encodeURIComponent(text)}`)
    else if (place === 'header') headers[as.toLowerCase()] = text
    else if (place === 'payload') Object.assign(body, value)
    else body[as] = value
  }
  const line = `${method} ${path}${query.length === 0 ? '' : `?${query.join('&')}`}`
  const isXml = speaks.includes('restXml')
  const content = Object.keys(body).length === 0 ? '' : isXml ? xml('Request', body) : JSON.stringify(body)
  return { scope: signs, line, headers, body: content }
}

function encoded(text: string, label: string): string {
  return label.endsWith('+}') ? text.split('/').map(encodeURIComponent).join('/') : encodeURIComponent(text)
}

/** `List.member.1`, `Structure.Member`. */
function flattened(value: unknown, ec2: boolean, prefix = ''): Record<string, string> {
  if (typeof value !== 'object' || value === null) return { [prefix]: String(value) }
  const entries = Array.isArray(value)
    ? value.map((each, index): [string, unknown] => [`${ec2 ? '' : 'member.'}${index + 1}`, each])
    : Object.entries(value)
  return Object.assign(
    {},
    ...entries.map(([name, each]) => flattened(each, ec2, prefix === '' ? name : `${prefix}.${name}`)),
  )
}

function xml(name: string, value: unknown): string {
  if (typeof value !== 'object' || value === null) return `<${name}>${String(value)}</${name}>`
  const inner = Object.entries(value).map(([member, each]) =>
    Array.isArray(each)
      ? `<${member}>${each.map((one) => xml(itemOf(member), one)).join('')}</${member}>`
      : xml(member, each),
  )
  return `<${name}>${inner.join('')}</${name}>`
}

/** Lists in XML name their items: by the list's singular, in the services that these tests call. */
function itemOf(list: string): string {
  return list.endsWith('s') ? list.slice(0, -1) : 'member'
}
