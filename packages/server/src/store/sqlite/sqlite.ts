type Sqlite = typeof import('node:sqlite')

let loaded: Sqlite | undefined

/**
 * Node's own SQLite, loaded when first asked for. Node 22 warns that it is experimental, on standard error of
 * each process and thread that loads it; that is nothing which a user of the house can act on, so it is left out.
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
