import { type Command, Option } from 'commander'
import { badConfiguration } from '../failure.ts'
import { Home } from '../home.ts'
import { print, quotedFor } from '../output.ts'

const formats = ['sh', 'fish', 'powershell', 'json'] as const
type Format = (typeof formats)[number]

/** The services whose own endpoint variables `--services` prints. */
const servedEndpoints = ['IAM', 'STS', 'CLOUDTRAIL', 'ORGANIZATIONS', 'EC2', 'LAMBDA']

interface EnvOptions {
  readonly home?: string
  readonly as: 'admin' | 'root'
  readonly format: Format
  readonly services?: boolean
}

/** `omen env`: the exports that make any AWS client talk to the running house. */
export function addEnv(program: Command): void {
  program
    .command('env')
    .description('print the variables that make AWS clients talk to this house: eval "$(omen env)"')
    .addOption(new Option('--home <folder>', 'which house').env('OMEN_HOME'))
    .addOption(new Option('--as <who>', 'whose key').choices(['admin', 'root']).default('admin'))
    .addOption(new Option('--format <format>', 'for which shell').choices(formats).default('sh'))
    .option('--services', 'only the endpoints of the services served here, not AWS_ENDPOINT_URL for all')
    .action((options: EnvOptions) => {
      const variables = variablesOf(options)
      print(`${written(variables, options.format)}\n`)
    })
}

function variablesOf(options: EnvOptions): Readonly<Record<string, string>> {
  const home = Home.at(options.home)
  const server = home.readServer()
  const keys = server?.keys ?? home.readCredentials()?.keys
  if (keys === undefined) throw badConfiguration(`the home ${home.folder} has no credentials yet: omen start`)
  const url = server?.url ?? 'http://127.0.0.1:6636'
  const key = keys[options.as]
  const endpoints = options.services
    ? Object.fromEntries(servedEndpoints.map((name) => [`AWS_ENDPOINT_URL_${name}`, url]))
    : { AWS_ENDPOINT_URL: url }
  return {
    ...endpoints,
    AWS_ACCESS_KEY_ID: key.accessKeyId,
    AWS_SECRET_ACCESS_KEY: key.secretAccessKey,
    AWS_REGION: 'us-east-1',
    AWS_DEFAULT_REGION: 'us-east-1', // boto3 and the first AWS CLI read no other
  }
}

function written(variables: Readonly<Record<string, string>>, format: Format): string {
  const entries = Object.entries(variables)
  switch (format) {
    case 'sh':
      return [
        ...entries.map(([name, value]) => `export ${name}=${quotedFor('sh', value)}`),
        'unset AWS_SESSION_TOKEN AWS_PROFILE',
      ].join('\n')
    case 'fish':
      return [
        ...entries.map(([name, value]) => `set -gx ${name} ${quotedFor('fish', value)}`),
        'set -e AWS_SESSION_TOKEN',
        'set -e AWS_PROFILE',
      ].join('\n')
    case 'powershell':
      return [
        ...entries.map(([name, value]) => `$Env:${name} = ${quotedFor('powershell', value)}`),
        'Remove-Item Env:AWS_SESSION_TOKEN, Env:AWS_PROFILE -ErrorAction SilentlyContinue',
      ].join('\n')
    case 'json':
      return JSON.stringify(variables, null, 2)
  }
}
