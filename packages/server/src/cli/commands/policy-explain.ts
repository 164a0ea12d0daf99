import { type PolicyKind, plainSentence } from '@omen-iam/policy'
import { type Command, Option } from 'commander'
import { print, safe } from '../output.ts'
import { kindOf, kindOption, type PolicyFile, parsedPolicy, readPolicyFiles } from '../policy-file.ts'

interface ExplainOptions {
  readonly kind?: PolicyKind
  readonly output: 'human' | 'json'
}

/** `omen policy explain`: a policy in plain sentences. */
export function addPolicyExplain(policy: Command): void {
  policy
    .command('explain')
    .description('explain policies, one sentence for each statement')
    .argument('<path...>', 'files, folders of JSON files, or - for standard input')
    .addOption(kindOption())
    .addOption(
      new Option('--output <format>', 'the format of the output').choices(['human', 'json']).default('human'),
    )
    .action((paths: readonly string[], { kind, output }: ExplainOptions) => {
      const files = readPolicyFiles(paths)
      const all = files.map((file) => explained(file, kindOf(file, kind)))
      if (output === 'json') print(`${JSON.stringify(all, null, 2)}\n`)
      else for (const each of all) print(human(each, files.length > 1))
    })
}

type Explained = ReturnType<typeof explained>

function explained(file: PolicyFile, kind: PolicyKind) {
  return {
    file: file.name,
    kind,
    statements: parsedPolicy(file, kind).statements.map((statement) => ({
      ...(statement.sid === undefined ? {} : { sid: statement.sid }),
      index: statement.index,
      line: statement.span.start.line,
      sentence: plainSentence(statement, kind),
    })),
  }
}

function human({ file, kind, statements }: Explained, named: boolean): string {
  const head = named ? `${safe(file)} (${kind})\n` : ''
  const indent = named ? '  ' : ''
  const lines = statements.map(
    ({ sid, index, sentence }) => `${indent}${safe(`${sid || `${index + 1}`}: ${sentence}`)}\n`,
  )
  return head + lines.join('')
}
