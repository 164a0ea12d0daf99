import { type Command, Option } from 'commander'
import { endpointVariables, servedEndpoints } from '../../base/index.ts'
import { badConfiguration, CommandFailure } from '../failure.ts'
import { defaultRegion, Home } from '../home.ts'
import { print, quotedFor } from '../output.ts'
import { typed } from '../own-command.ts'
import { hasEnded } from '../process-space.ts'

const formats = ['sh', 'fish', 'powershell', 'json'] as const
type Format = (typeof formats)[number]

interface EnvOptions {
  readonly home?: string
  readonly as: 'admin' | 'root'
  readonly format: Format
  readonly services?: boolean
}

const help = `
Exit codes:
  0  the variables are written
  253  no server runs on the home. Where the output is no terminal, it is a command that fails: so does eval "$(omen env)"
`

/** `omen env`: the exports that point any AWS client at the running server. */
export function addEnv(program: Command): void {
  program
    .command('env')
    .description('print the variables that make AWS clients call this server: eval "$(omen env)"')
    .addOption(new Option('--home <folder>', 'the folder of the server (default: ~/.omen)').env('OMEN_HOME'))
    .addOption(new Option('--as <who>', 'whose key').choices(['admin', 'root']).default('admin'))
    .addOption(new Option('--format <format>', 'for which shell').choices(formats).default('sh'))
    .option('--services', 'only the endpoints of the services served here, not AWS_ENDPOINT_URL for all')
    .addHelpText('after', help)
    .action((options: EnvOptions) => {
      try {
        print(`${written(variablesOf(options), options)}\n`)
      } catch (error) {
        // the shell must not go on as if its clients talked to the server: they would talk to AWS
        if (error instanceof CommandFailure && failing[options.format] !== '' && !process.stdout.isTTY)
          print(`${failing[options.format]}\n`)
        throw error
      }
    })
}

/** Makes `eval "$(omen env)"` fail if there is nothing to set. */
const failing: Readonly<Record<Format, string>> = {
  sh: 'false',
  fish: 'false',
  powershell: "throw 'omen env failed'",
  json: '',
}

function variablesOf(options: EnvOptions): Readonly<Record<string, string>> {
  const home = Home.at(options.home)
  const server = home.readServer()
  if (server === undefined || hasEnded(server))
    throw badConfiguration(`no server runs on the home ${home.folder}: ${typed('start', home)}`)
  const key = server.keys[options.as]
  const region = defaultRegion(server)
  const endpoints = options.services
    ? Object.fromEntries(servedEndpoints.map((name) => [`AWS_ENDPOINT_URL_${name}`, server.url]))
    : endpointVariables(server.url)
  return {
    ...endpoints,
    AWS_ACCESS_KEY_ID: key.accessKeyId,
    AWS_SECRET_ACCESS_KEY: key.secretAccessKey,
    AWS_REGION: region,
    AWS_DEFAULT_REGION: region, // boto3 and the first AWS CLI read no other
  }
}

/** Variables that clients would prefer to these, also those of an earlier server. */
function others({ services }: EnvOptions): readonly string[] {
  const endpoints = services
    ? ['AWS_ENDPOINT_URL']
    : servedEndpoints.filter((name) => name !== 'STS').map((name) => `AWS_ENDPOINT_URL_${name}`)
  return ['AWS_SESSION_TOKEN', 'AWS_PROFILE', 'AWS_IGNORE_CONFIGURED_ENDPOINT_URLS', ...endpoints]
}

function written(variables: Readonly<Record<string, string>>, options: EnvOptions): string {
  const entries = Object.entries(variables)
  switch (options.format) {
    case 'sh':
      return [
        ...entries.map(([name, value]) => `export ${name}=${quotedFor('sh', value)}`),
        `unset ${others(options).join(' ')}`,
      ].join('\n')
    case 'fish':
      return [
        ...entries.map(([name, value]) => `set -gx ${name} ${quotedFor('fish', value)}`),
        ...others(options).map((name) => `set -e ${name}`),
      ].join('\n')
    case 'powershell':
      return [
        ...entries.map(([name, value]) => `$Env:${name} = ${quotedFor('powershell', value)}`),
        `Remove-Item ${others(options)
          .map((name) => `Env:${name}`)
          .join(', ')} -ErrorAction SilentlyContinue`,
      ].join('\n')
    case 'json':
      return JSON.stringify(variables, null, 2)
  }
}
