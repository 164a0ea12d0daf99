import { writeFileSync } from 'node:fs'
import { formatPolicy, parsePolicy } from '@omen-iam/policy'
import type { Command } from 'commander'
import { badSyntax, exitCodes } from '../failure.ts'
import { messageOf } from '../home.ts'
import { print, safe } from '../output.ts'
import { type PolicyFile, readPolicyFiles } from '../policy-file.ts'

/** `omen policy fmt`: formats policies, and changes only white space. */
export function addPolicyFmt(policy: Command): void {
  policy
    .command('fmt')
    .description('format policies: two spaces for each level, one value on each line')
    .argument(
      '<path...>',
      'files, folders of JSON files, or - for standard input (written to standard output)',
    )
    .option('--check', 'change nothing; exit 1 if something would be changed')
    .action((paths: readonly string[], options: { readonly check?: boolean }) => {
      const formatted = readPolicyFiles(paths).map((file) => ({ file, text: formattedText(file) }))
      for (const { file, text } of formatted) {
        const changes = text !== file.text
        if (options.check) {
          if (changes) process.exitCode = exitCodes.no
        } else if (file.name === '-') print(text)
        else if (changes) write(file.name, text)
        if (changes && file.name !== '-') print(`${safe(file.name)}\n`)
      }
    })
}

/** @throws CommandFailure if it is not JSON: then nothing is written, neither this file nor another */
function formattedText({ name, text }: PolicyFile): string {
  const formatted = formatPolicy(text)
  if (formatted.ok) return formatted.text
  const start = parsePolicy(text, 'identity').findings[0]?.span.start
  throw badSyntax(`${name}:${start?.line ?? 1}:${start?.column ?? 1}: ${formatted.problem.message}`)
}

function write(name: string, text: string): void {
  try {
    writeFileSync(name, text)
  } catch (error) {
    throw badSyntax(`${name}: ${messageOf(error)}`)
  }
}
