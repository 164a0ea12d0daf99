import { type Command, Option } from 'commander'
import { systemRandom } from '../../base/index.ts'
import { configOf, type ShownCenter } from '../../center/index.ts'
import { callServer, runningServer } from '../client.ts'
import { Home } from '../home.ts'
import { print, printError } from '../output.ts'

interface SsoOptions {
  readonly home?: string
  readonly region?: string
  readonly password?: string
  readonly mustChange?: boolean
  readonly remove?: boolean
}

/** `omen sso`: enables IAM Identity Center, prints the configuration of clients, and sets passwords of its users. */
export function addSso(program: Command): void {
  const sso = program
    .command('sso')
    .description('IAM Identity Center: enable it, configure clients, set passwords and MFA devices')
  const home = () =>
    new Option('--home <folder>', 'the folder of the server (default: ~/.omen)').env('OMEN_HOME')
  sso
    .command('init')
    .description('make an organization and an instance where there is none')
    .option('--region <name>', 'the home region of the instance (default: us-east-1)')
    .addOption(home())
    .action(async (options: SsoOptions) => {
      const body = options.region === undefined ? {} : { region: options.region }
      const shown = (await called(options, 'POST', '', body)) as ShownCenter // the route's own answer
      print(`instance          ${shown.instanceArn}\nidentity store    ${shown.identityStoreId}\n`)
      printError(
        'next: aws identitystore create-user, omen sso password, aws sso-admin create-account-assignment\n',
      )
    })
  sso
    .command('config')
    .description('print an sso-session and a profile for each permission set that is lent')
    .addOption(home())
    .action(async (options: SsoOptions) => {
      const { url } = runningServer(Home.at(options.home))
      print(configOf((await called(options, 'GET', '')) as ShownCenter, url)) // the route's own answer
      printError(`set AWS_ENDPOINT_URL=${url} too: some clients do not read it from the profile\n`)
    })
  sso
    .command('password')
    .description('set the password of a user of the directory, a random one if none is given')
    .argument('<user>', 'the user name')
    .addOption(new Option('--password <text>', 'the new password').env('OMEN_SSO_PASSWORD'))
    .option('--must-change', 'the user sets another password at the first sign-in')
    .addOption(home())
    .action(async (userName: string, options: SsoOptions) => {
      const password = options.password ?? `Aa1-${Buffer.from(systemRandom.bytes(15)).toString('base64url')}`
      const mustChange = options.mustChange === true
      await called(options, 'POST', '/password', { userName, password, mustChange })
      if (options.password === undefined) print(`${password}\n`)
    })
  sso
    .command('mfa')
    .description('give a user of the directory an MFA device, and print its seed; one before ends')
    .argument('<user>', 'the user name')
    .option('--remove', 'take the device away')
    .addOption(home())
    .action(async (userName: string, options: SsoOptions) => {
      const wanted = options.remove !== true
      const { seed } = (await called(options, 'POST', '/mfa', { userName, wanted })) as { seed?: string } // the route's own answer
      if (seed === undefined) return
      print(`${seed}\n`)
      printError(`otpauth://totp/omen:${encodeURIComponent(userName)}?secret=${seed}\n`)
    })
  for (const enabled of [true, false])
    sso
      .command(enabled ? 'enable' : 'disable')
      .description(
        enabled
          ? 'let a disabled user of the directory sign in again'
          : 'end the access of a user of the directory',
      )
      .argument('<user>', 'the user name')
      .addOption(home())
      .action(async (userName: string, options: SsoOptions) => {
        await called(options, 'POST', '/status', { userName, enabled })
      })
}

function called({ home }: SsoOptions, method: 'GET' | 'POST', path: string, body?: object): Promise<unknown> {
  const server = runningServer(Home.at(home))
  return callServer(server, method, `/_omen/identity-center${path}`, server.keys.root, body)
}
