import type { ComparisonReport } from '../../gate/index.ts'
import type { SourcePlace } from '../../intake/index.ts'
import { print, printError, safe, safeTexts } from '../output.ts'
import { writeTable } from '../table.ts'

/** Rows that a terminal gets of each part of a report; `--output json` has all. */
const rowsMost = 50

/** Writes what an import creates and changes, and what it does not take. */
export function writeComparison(report: ComparisonReport, isDry: boolean, output: 'human' | 'json'): void {
  if (output === 'json') {
    print(`${JSON.stringify({ dryRun: isDry, ...safeTexts(report) }, null, 2)}\n`)
    return
  }
  const { things, notTaken, findings, counts, leftOut } = report
  const verbs = isDry ? { made: 'make', changed: 'change' } : { made: 'made', changed: 'changed' }
  if (things.length > 0) {
    const rows = things
      .slice(0, rowsMost)
      .map(({ outcome, account, kind, name, changes }) => [
        [outcome === 'made' ? verbs.made : verbs.changed],
        [account],
        [kind],
        [safe(name)],
        changes.length === 0 ? [''] : cut(changes.map(safe)),
      ])
    writeTable(['', 'account', 'kind', 'name', 'changes'], rows, process.stdout)
    more(things.length)
  }
  if (notTaken.length > 0) {
    print('\nNot taken:\n')
    for (const { at, kind, name, reason } of notTaken.slice(0, rowsMost))
      print(`  ${safe(kind)} ${safe(name)}: ${safe(reason)}  ${place(at)}\n`)
    more(notTaken.length)
  }
  if (findings.length > 0) {
    print('\nFindings:\n')
    for (const { at, code, message } of findings.slice(0, rowsMost))
      print(`  ${safe(code)}: ${safe(message)}  ${place(at)}\n`)
    more(findings.length)
  }
  if (leftOut > 0) printError(`omen: ${leftOut} more entries are counted and not listed\n`)
  const parts = [
    `${counts.made} ${isDry ? 'to make' : 'made'}`,
    `${counts.changed} ${isDry ? 'to change' : 'changed'}`,
    `${counts.unchanged} unchanged`,
    `${notTaken.length} not taken`,
    `${findings.length} finding${findings.length === 1 ? '' : 's'}`,
  ]
  print(`${things.length + notTaken.length + findings.length > 0 ? '\n' : ''}${parts.join(', ')}\n`)
}

function cut(changes: readonly string[]): readonly string[] {
  return changes.length <= 4 ? changes : [...changes.slice(0, 3), `and ${changes.length - 3} more`]
}

function more(count: number): void {
  if (count > rowsMost) print(`  … and ${count - rowsMost} more: --output json has all\n`)
}

function place({ file, line, column }: SourcePlace): string {
  return safe(`${file}:${line}:${column}`)
}
