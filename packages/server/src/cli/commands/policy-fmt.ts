import { writeFileSync } from 'node:fs'
import { formatPolicy, type JsonNode, parsePolicy } from '@omen-iam/policy'
import type { Command } from 'commander'
import { parseSource } from '../../sources/index.ts'
import { badSyntax, exitCodes } from '../failure.ts'
import { messageOf } from '../home.ts'
import { print, safe } from '../output.ts'
import { type PolicyFile, readPolicyFiles } from '../policy-file.ts'

/** `omen policy fmt`: formats policies, and changes only white space. */
export function addPolicyFmt(policy: Command): void {
  policy
    .command('fmt')
    .description('format policies: two spaces for each level, one value on each line; YAML keeps its layout')
    .argument(
      '<path...>',
      'files (JSON, YAML), folders of JSON files, or - for standard input (written to standard output)',
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

/** @throws CommandFailure if it is neither JSON nor YAML: then nothing is written, neither this file nor another */
function formattedText({ name, text }: PolicyFile): string {
  const formatted = formatPolicy(text)
  if (formatted.ok) return formatted.text
  const isYaml = /\.(?:ya?ml|template)$/.test(name) || (name === '-' && !/^\s*[{[]/.test(text))
  if (isYaml) return formattedYaml(name, text)
  const start = parsePolicy(text, 'identity').findings[0]?.span.start
  throw badSyntax(`${name}:${start?.line ?? 1}:${start?.column ?? 1}: ${formatted.problem.message}`)
}

/** YAML keeps its layout, which is its meaning: blanks at the ends of lines and empty lines go that mean nothing. */
function formattedYaml(name: string, text: string): string {
  const tree = parseSource(text, name)
  if (tree.type === 'problem') {
    const { line, column } = positionAt(text, tree.start)
    throw badSyntax(`${name}:${line}:${column}: ${tree.message}`)
  }
  const tidy = `${text
    .replace(/\r\n?/g, '\n')
    .split('\n')
    .map(withoutBlanksAtEnd)
    .join('\n')
    .replace(/\n{3,}/g, '\n\n')
    .trim()}\n`
  const again = parseSource(tidy, name)
  return again.type !== 'problem' && textOfTree(again) === textOfTree(tree) ? tidy : text
}

function withoutBlanksAtEnd(line: string): string {
  let end = line.length
  while (end > 0 && (line[end - 1] === ' ' || line[end - 1] === '\t')) end--
  return line.slice(0, end)
}

/** A tree without its places. */
function textOfTree(tree: JsonNode): string {
  return JSON.stringify(tree, (key, value: unknown) => (key === 'start' || key === 'end' ? undefined : value))
}

function positionAt(text: string, offset: number): { readonly line: number; readonly column: number } {
  const before = text.slice(0, offset).split('\n')
  return { line: before.length, column: (before.at(-1) ?? '').length + 1 }
}

function write(name: string, text: string): void {
  try {
    writeFileSync(name, text)
  } catch (error) {
    throw badSyntax(`${name}: ${messageOf(error)}`)
  }
}
