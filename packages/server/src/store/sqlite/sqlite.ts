type Sqlite = typeof import('node:sqlite')

let loaded: Sqlite | undefined

/**
 * Node's own SQLite, loaded on first use. Node 22 warns that it is experimental, on standard error of each process and
 * thread that loads it. A user cannot act on the warning, so it is suppressed.
 */
export function sqlite(): Sqlite {
  loaded ??= withoutWarnings(() => process.getBuiltinModule('node:sqlite'))
  return loaded
}

function withoutWarnings<T>(work: () => T): T {
  const { emitWarning } = process
  process.emitWarning = () => {}
  try {
    return work()
  } finally {
    process.emitWarning = emitWarning
  }
}
