import { createInterface } from 'node:readline/promises'
import { badSyntax } from './failure.ts'

/** Asks the user at the terminal. @throws CommandFailure if there is none: `advice` says what to say instead */
export async function agreed(advice: string, question = 'Write this?'): Promise<boolean> {
  if (!process.stdin.isTTY) throw badSyntax(advice)
  const terminal = createInterface({ input: process.stdin, output: process.stderr })
  try {
    return /^y(?:es)?$/i.test((await terminal.question(`${question} [y/N] `)).trim())
  } finally {
    terminal.close()
  }
}
