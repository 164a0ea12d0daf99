import { type Dirent, readdirSync, readFileSync, realpathSync, statSync } from 'node:fs'
import { basename, join, sep } from 'node:path'
import { sourceLimits } from '../../sources/index.ts'
import { badSyntax, CommandFailure } from '../failure.ts'
import { messageOf } from '../home.ts'
import { isForeignName, LeftOut } from '../left-out.ts'
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

/**
 * The files, and those in the folders, in the order of their names. Of a folder, `leftOut` gets what cannot be read though it may
 * say who has access. @throws CommandFailure if a named file cannot be read
 */
export function* lintFiles(paths: readonly string[], leftOut = new LeftOut()): Iterable<LintFile> {
  for (const path of paths) {
    if (path === '-' || !isFolder(path)) {
      const text = textOf(path)
      const form = foreignText(text)
      if (form !== undefined) throw badSyntax(`${path}: ${form}`)
      yield { name: path, text, isFound: false }
    } else for (const name of filesIn(path, leftOut)) yield* foundFile(name, leftOut)
  }
}

/** A file of a folder, unless it is left out. */
function* foundFile(name: string, leftOut: LeftOut): Iterable<LintFile> {
  try {
    if (readable.test(name)) {
      const text = textOf(name)
      if (!leftOut.noteForeignText(name, text)) yield { name, text, isFound: true }
    } else leftOut.noteForeign(name, bytesOf(name))
  } catch (error) {
    if (!(error instanceof CommandFailure)) throw error
    leftOut.noteUnopened(name, error.message.replace(`${name}: `, ''))
  }
}

function isFolder(path: string): boolean {
  try {
    return statSync(path).isDirectory()
  } catch (error) {
    throw badSyntax(`${path}: ${messageOf(error)}`)
  }
}

/** Links to folders are not followed: they may lead back into the folder. Nothing outside of it is read. */
function filesIn(folder: string, leftOut: LeftOut): readonly string[] {
  const paths: string[] = []
  const waiting = [folder]
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    for (const entry of entriesOf(next)) {
      const path = join(next, entry.name)
      const isNamed = readable.test(entry.name) || isForeignName(entry.name)
      if (entry.isDirectory()) {
        if (!passedBy.test(entry.name)) waiting.push(path)
      } else if (isNamed && entry.isFile()) paths.push(path)
      else if (entry.isSymbolicLink() && leadsToFile(path, folder, isNamed, leftOut)) paths.push(path)
      if (paths.length > mostFiles) throw badSyntax(`${folder} has more than ${mostFiles} files`)
    }
  }
  return paths.sort()
}

/** Returns whether a link leads to a file of the folder that is read by its name; notes it if it leads nowhere or out of the folder. */
function leadsToFile(path: string, folder: string, isNamed: boolean, leftOut: LeftOut): boolean {
  const kind = statSync(path, { throwIfNoEntry: false })
  const isRead = kind?.isFile() ? isNamed : kind?.isDirectory() && !passedBy.test(basename(path))
  if (kind === undefined && isNamed) leftOut.noteUnopened(path, 'it is a link that leads nowhere')
  if (isRead !== true) return false
  if (isWithin(path, folder)) return kind?.isFile() === true
  leftOut.noteUnopened(path, 'it is a link out of the folder, which is not followed')
  return false
}

function isWithin(path: string, folder: string): boolean {
  return `${realpathSync(path)}${sep}`.startsWith(`${realpathSync(folder)}${sep}`)
}

function entriesOf(folder: string): readonly Dirent[] {
  try {
    return readdirSync(folder, { withFileTypes: true })
  } catch (error) {
    throw badSyntax(`${folder}: ${messageOf(error)}`)
  }
}

/** @throws CommandFailure if it holds nothing that can be read */
function textOf(path: string): string {
  const bytes = bytesOf(path)
  const form = unreadableForm(bytes)
  if (form !== undefined) throw badSyntax(`${path}: ${form}`)
  return textOfFile(bytes)
}

/** @throws CommandFailure if it cannot be read */
function bytesOf(path: string): Uint8Array {
  try {
    const size = path === '-' ? 0 : statSync(path).size
    // a character has four bytes at most
    if (size > 4 * sourceLimits.jsonCharacters) throw badSyntax(`${path}: it is too large to be read`)
    return readFileSync(path === '-' ? 0 : path)
  } catch (error) {
    throw error instanceof CommandFailure ? error : badSyntax(`${path}: ${messageOf(error)}`)
  }
}
