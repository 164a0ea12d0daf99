import { Argument, type Command, Option } from 'commander'
import { bashCompletion } from '../completion/bash.ts'
import { fishCompletion } from '../completion/fish.ts'
import { namesFor } from '../completion/names.ts'
import { powershellCompletion } from '../completion/powershell.ts'
import { verbOf } from '../completion/verbs.ts'
import { zshCompletion } from '../completion/zsh.ts'
import { Home } from '../home.ts'
import { print } from '../output.ts'

type What = 'bash' | 'zsh' | 'fish' | 'powershell' | 'words'

/** `omen completion`: a script that completes the commands, their options, and names in a shell. */
export function addCompletion(program: Command): void {
  program
    .command('completion')
    .description(
      'print a completion script: source <(omen completion bash), or omen completion fish | source',
    )
    .addArgument(
      new Argument('<shell>', 'which shell; words answers what the scripts ask').choices([
        'bash',
        'zsh',
        'fish',
        'powershell',
        'words',
      ]),
    )
    .argument('[words...]', 'for words: the words after omen; the last one is completed')
    .addOption(new Option('--home <folder>', 'the folder of the server (default: ~/.omen)').env('OMEN_HOME'))
    .action(async (what: What, words: readonly string[], options: { readonly home?: string }) => {
      const verb = verbOf(program)
      if (what !== 'words') print(scriptFor(what, verb))
      else for (const name of await namesFor(words, verb, Home.at(options.home))) print(`${name}\n`)
    })
}

function scriptFor(shell: Exclude<What, 'words'>, verb: ReturnType<typeof verbOf>): string {
  switch (shell) {
    case 'bash':
      return bashCompletion(verb)
    case 'zsh':
      return zshCompletion(verb)
    case 'fish':
      return fishCompletion(verb)
    case 'powershell':
      return powershellCompletion(verb)
  }
}
