import { type Statement, statementWords } from '@omen-iam/policy'
import type { Place } from '../../report/index.ts'
import type { PolicyFiles } from './policies.ts'

/** How much of a file's policies the cases decided. */
export interface Coverage {
  readonly file: string
  readonly statements: number
  /** Statements that decided no case. */
  readonly never: readonly { readonly words: string; readonly sid?: string; readonly place: Place }[]
}

/** The statements of policy files by whether they decided a case, in the order of the files' names. */
export function coverageOf(files: PolicyFiles, decided: ReadonlySet<Statement>): readonly Coverage[] {
  // one document may be parsed for several layers: a statement counts if it decided in any of them
  const statements = new Map<string, { statement: Statement; place: Place; isDecided: boolean }>()
  for (const policy of files.policies) {
    for (const statement of policy.statements) {
      const place = files.place(policy, statement.span)
      if (place === undefined) continue
      const key = `${place.file}\n${place.startLine}\n${place.startColumn}`
      const isDecided = decided.has(statement) || statements.get(key)?.isDecided === true
      statements.set(key, { statement, place, isDecided })
    }
  }
  const byFile = Map.groupBy(statements.values(), ({ place }) => place.file)
  return [...byFile.keys()].sort().map((file) => {
    const all = byFile.get(file) ?? []
    return {
      file,
      statements: all.length,
      never: all
        .filter(({ isDecided }) => !isDecided)
        .map(({ statement, place }) => ({
          words: statementWords(statement),
          ...(statement.sid === undefined ? {} : { sid: statement.sid }),
          place,
        })),
    }
  })
}
