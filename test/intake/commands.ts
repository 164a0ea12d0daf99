import type { RunningOmen } from 'omen-iam/testing'

/** Carries out `iam create-role --role-name r …` as root, as the AWS CLI would send it. */
export async function performCommand(
  words: readonly string[],
  { omen, account, keys }: RunningOmen,
): Promise<void> {
  const [service, command = '', ...rest] = words
  if (service !== 'iam') throw new Error(`${service} is not iam`)
  const operation = pascal(command)
  const input: Record<string, unknown> = {}
  for (let index = 0; index < rest.length; ) {
    const [, option = '', joined] = /^--([^=]*)(?:=(.*))?$/s.exec(rest[index++]!) ?? []
    const values: string[] =
      joined === undefined ? [] : joined.startsWith('[') ? JSON.parse(joined) : [joined]
    while (index < rest.length && !rest[index]!.startsWith('--')) values.push(rest[index++]!)
    const name = pascal(option.replace(/^no-/, ''))
    if (values.length === 0) input[name] = !option.startsWith('no-')
    else if (/List$/.test(name)) input[name] = values
    else if (name === 'Tags') input[name] = JSON.parse(values[0]!)
    else if (/^(?:MaxSessionDuration|MinimumPasswordLength)$/.test(name)) input[name] = Number(values[0])
    else input[name] = values[0]
  }
  const owner = omen.deps.directory.loaded(account as never)!
  await omen.perform({
    service: 'iam',
    operation,
    input,
    caller: {
      kind: 'root',
      account: owner.id,
      arn: `arn:aws:iam::${account}:root`,
      accessKeyId: keys.root.accessKeyId,
    },
    account: owner,
    origin: { sourceIp: '127.0.0.1', userAgent: 'test', host: '', secure: true },
  })
}

function pascal(words: string): string {
  return words
    .split('-')
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join('')
    .replace('OpenIdConnect', 'OpenIDConnect')
    .replace(/^Saml/, 'SAML')
    .replace('CreateSaml', 'CreateSAML')
    .replace('ClientIdList', 'ClientIDList')
    .replace('AwsService', 'AWSService')
}
