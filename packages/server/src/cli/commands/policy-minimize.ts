import { formatPolicy, type PolicyKind } from '@omen-iam/policy'
import type { Command } from 'commander'
import { badSyntax } from '../failure.ts'
import { minimize, mostPieces, piecesOf } from '../minimize.ts'
import { print, printError } from '../output.ts'
import { kindOf, kindOption, parsedPolicy, readPolicyFile } from '../policy-file.ts'

/** `omen policy minimize`: the same in fewer words. */
export function addPolicyMinimize(policy: Command): void {
  policy
    .command('minimize')
    .description('remove from a policy what the rest of it already covers; its meaning stays the same')
    .argument('<path>', 'a file, or - for standard input')
    .addOption(kindOption())
    .action((path: string, options: { readonly kind?: PolicyKind }) => {
      const file = readPolicyFile(path)
      const kind = kindOf(file, options.kind)
      parsedPolicy(file, kind)
      const pieces = piecesOf(file.text)
      if (pieces > mostPieces)
        throw badSyntax(
          `${file.name} has ${pieces} statements and values; no more than ${mostPieces} are tried`,
        )
      const { document, statements, values } = minimize(file.text, kind)
      const formatted = formatPolicy(JSON.stringify(document))
      print(`${(formatted.ok ? formatted.text : JSON.stringify(document)).trimEnd()}\n`)
      printError(`${counted(statements, 'statement')} and ${counted(values, 'value')} fewer\n`)
    })
}

function counted(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? '' : 's'}`
}
