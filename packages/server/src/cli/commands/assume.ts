import { type Command, Option } from 'commander'
import { become } from '../become.ts'
import { runningServer } from '../client.ts'
import { type CredentialFormat, credentialFormats, writtenCredentials } from '../credential-format.ts'
import { Home } from '../home.ts'
import { print, printError } from '../output.ts'
import { signerOf } from '../signer.ts'
import { describeCut, describeSession } from '../spoken.ts'
import { type WishOptions, wishOf, withWishOptions } from '../wish-options.ts'

interface AssumeOptions extends WishOptions {
  readonly home?: string
  readonly format: CredentialFormat
}

/** `omen assume`: the credentials of a role, in a form that a shell takes; several roles are a chain. */
export function addAssume(program: Command): void {
  const command = program
    .command('assume')
    .alias('wear')
    .description('print the credentials of a role, or of a chain of roles: eval "$(omen assume deployer)"')
    .argument(
      '<role...>',
      'a name or ARN; several are a chain, each assumed with the credentials of the one before',
    )
    .addOption(new Option('--home <folder>', 'the folder of the server (default: ~/.omen)').env('OMEN_HOME'))
    .addOption(
      new Option('--format <format>', 'the format of the output').choices(credentialFormats).default('env'),
    )
  withWishOptions(command).action(async (roles: readonly string[], options: AssumeOptions) => {
    const session = await wear(roles, options)
    printError(describeSession(session))
    print(writtenCredentials(session, options.format))
  })
}

/** `omen credential-process`: the same, as an AWS client's `credential_process` wants it. */
export function addCredentialProcess(program: Command): void {
  const command = program
    .command('credential-process')
    .description('print the credentials of a role for credential_process in an AWS profile')
    .argument(
      '<role...>',
      'a name or ARN; several are a chain, each assumed with the credentials of the one before',
    )
    .addOption(new Option('--home <folder>', 'the folder of the server (default: ~/.omen)').env('OMEN_HOME'))
  withWishOptions(command).action(
    async (roles: readonly string[], options: WishOptions & { readonly home?: string }) => {
      const session = await wear(roles, options)
      printError(describeCut(session))
      print(writtenCredentials(session, 'process'))
    },
  )
}

async function wear(roles: readonly string[], options: WishOptions & { readonly home?: string }) {
  const server = runningServer(Home.at(options.home))
  const wish = await wishOf(roles, options, server)
  return become(server, await signerOf(server, process.env), wish)
}
