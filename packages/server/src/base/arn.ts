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
  const partitionEnd = text.indexOf(':', 4)
  const serviceEnd = text.indexOf(':', partitionEnd + 1)
  const regionEnd = text.indexOf(':', serviceEnd + 1)
  const accountEnd = text.indexOf(':', regionEnd + 1)
  // where a colon is missing the search begins anew, and ends before the one that it came from
  if (partitionEnd < 0 || serviceEnd < partitionEnd || regionEnd < serviceEnd || accountEnd < regionEnd)
    return undefined
  const partition = text.slice(4, partitionEnd)
  const service = text.slice(partitionEnd + 1, serviceEnd)
  const resource = text.slice(accountEnd + 1)
  if (partition === '' || service === '' || resource === '') return undefined
  const region = text.slice(serviceEnd + 1, regionEnd)
  return { partition, service, region, account: text.slice(regionEnd + 1, accountEnd), resource }
}

/** `arn:aws:iam::ACCOUNT:KIND/path/name`; `path` begins and ends with a slash. */
export function iamArn(account: string, kind: string, path: string, name: string): string {
  return `arn:aws:iam::${account}:${kind}${path}${name}`
}
