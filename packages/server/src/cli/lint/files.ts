import { type Dirent, readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { sourceLimits } from '../../sources/index.ts'
import { badSyntax } from '../failure.ts'
import { messageOf } from '../home.ts'
import { foreignText, textOfFile, unreadableForm } from '../text-file.ts'

/** A file that may contain policies. */
export interface LintFile {
  /** As it was given, or found in a folder; `-` is standard input. */
  readonly name: string
  readonly text: string
  /** Whether it was found in a folder, where files without policies are skipped silently. */
  readonly isFound: boolean
}

/** Folders without files of the user's own, and assets beside the templates of the AWS CDK. */
const passedBy = /^(?:node_modules|\.git|\.terraform|\.venv|asset\..*|\.cache)$/
const readable = /\.(?:json|ya?ml|template|tfstate)$/i
const mostFiles = 50_000

/** The files, and those in the folders, in the order of their names. @throws CommandFailure if one cannot be read */
export function* lintFiles(paths: readonly string[]): Iterable<LintFile> {
  for (const path of paths) {
    if (path === '-' || !isFolder(path)) {
      const text = textOf(path)
      const form = foreignText(text)
      if (form !== undefined) throw badSyntax(`${path}: ${form}`)
      yield { name: path, text, isFound: false }
    } else for (const name of filesIn(path)) yield { name, text: textOf(name), isFound: true }
  }
}

function isFolder(path: string): boolean {
  try {
    return statSync(path).isDirectory()
  } catch (error) {
    throw badSyntax(`${path}: ${messageOf(error)}`)
  }
}

/** Links to folders are not followed: they may lead out of the folder, or back into it. */
function filesIn(folder: string): readonly string[] {
  const found: string[] = []
  const waiting = [folder]
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    for (const entry of entriesOf(next)) {
      const path = join(next, entry.name)
      if (entry.isDirectory()) {
        if (!passedBy.test(entry.name)) waiting.push(path)
      } else if (readable.test(entry.name) && isFile(entry, path)) found.push(path)
      if (found.length > mostFiles) throw badSyntax(`${folder} has more than ${mostFiles} files`)
    }
  }
  return found.sort()
}

function entriesOf(folder: string): readonly Dirent[] {
  try {
    return readdirSync(folder, { withFileTypes: true })
  } catch (error) {
    throw badSyntax(`${folder}: ${messageOf(error)}`)
  }
}

function isFile(entry: Dirent, path: string): boolean {
  if (!entry.isSymbolicLink()) return entry.isFile()
  return statSync(path, { throwIfNoEntry: false })?.isFile() === true
}

function textOf(path: string): string {
  try {
    const size = path === '-' ? 0 : statSync(path).size
    // a character has four bytes at most
    if (size > 4 * sourceLimits.jsonCharacters) throw badSyntax(`${path} is too large to be read`)
    const bytes = readFileSync(path === '-' ? 0 : path)
    const form = unreadableForm(bytes)
    if (form !== undefined) throw badSyntax(`${path}: ${form}`)
    return textOfFile(bytes)
  } catch (error) {
    throw error instanceof Error && 'exitCode' in error ? error : badSyntax(`${path}: ${messageOf(error)}`)
  }
}
