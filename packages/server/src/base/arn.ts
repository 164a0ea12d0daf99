/** The six parts of an Amazon Resource Name. `resource` may hold further colons. */
export interface ArnParts {
  readonly partition: string
  readonly service: string
  readonly region: string
  readonly account: string
  readonly resource: string
}

/** The parts of an ARN, or undefined where the text is none. */
export function parseArn(text: string): ArnParts | undefined {
  if (!text.startsWith('arn:')) return undefined
  const parts = text.split(':')
  if (parts.length < 6) return undefined
  const [, partition, service, region, account] = parts
  if (!partition || !service || region === undefined || account === undefined) return undefined
  const resource = parts.slice(5).join(':')
  return resource === '' ? undefined : { partition, service, region, account, resource }
}

/** `arn:aws:iam::ACCOUNT:KIND/path/name`; `path` begins and ends with a slash. */
export function iamArn(account: string, kind: string, path: string, name: string): string {
  return `arn:aws:iam::${account}:${kind}${path}${name}`
}
