import { createInterface } from 'node:readline/promises'
import { badSyntax } from './failure.ts'

/** Asks whether something is to be written. @throws CommandFailure if nobody can answer: `advice` says what to say instead */
export async function agreed(advice: string): Promise<boolean> {
  if (!process.stdin.isTTY) throw badSyntax(advice)
  const terminal = createInterface({ input: process.stdin, output: process.stderr })
  try {
    return /^y(?:es)?$/i.test((await terminal.question('Write this? [y/N] ')).trim())
  } finally {
    terminal.close()
  }
}
