import { Argument, type Command, Option } from 'commander'
import { rolesOf } from '../account-roles.ts'
import { runningServer } from '../client.ts'
import { bashCompletion } from '../completion/bash.ts'
import { fishCompletion } from '../completion/fish.ts'
import { powershellCompletion } from '../completion/powershell.ts'
import { verbOf } from '../completion/verbs.ts'
import { Home } from '../home.ts'
import { print } from '../output.ts'

type What = 'bash' | 'zsh' | 'fish' | 'powershell' | 'roles'

/** `omen completion`: a script that teaches a shell the commands, their options and the roles that there are. */
export function addCompletion(program: Command): void {
  program
    .command('completion')
    .description('print a completion script: source <(omen completion bash)')
    .addArgument(
      new Argument('<shell>', 'which shell; roles prints what the scripts ask for').choices([
        'bash',
        'zsh',
        'fish',
        'powershell',
        'roles',
      ]),
    )
    .addOption(new Option('--home <folder>', 'which house').env('OMEN_HOME'))
    .action(async (what: What, options: { readonly home?: string }) => {
      print(what === 'roles' ? await roleNames(options.home) : scriptFor(what, program))
    })
}

function scriptFor(shell: Exclude<What, 'roles'>, program: Command): string {
  const verb = verbOf(program)
  switch (shell) {
    case 'fish':
      return fishCompletion(verb)
    case 'powershell':
      return powershellCompletion(verb)
    default:
      return bashCompletion(verb, shell)
  }
}

async function roleNames(folder: string | undefined): Promise<string> {
  const server = runningServer(Home.at(folder))
  const roles = await rolesOf(server, server.keys.admin)
  return roles.map(({ name }) => `${name}\n`).join('')
}
