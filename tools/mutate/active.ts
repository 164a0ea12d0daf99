import { registerHooks } from 'node:module'

/**
 * Loaded before a test (`--import`): the file that OMEN_MUTANT names is loaded with one text replaced. Processes that the
 * test starts inherit it; no file changes on the disk, so runs do not disturb each other.
 */
const { url, start, end, to } = JSON.parse(process.env.OMEN_MUTANT!)

registerHooks({
  load(wanted, context, nextLoad) {
    const loaded = nextLoad(wanted, context)
    if (wanted !== url) return loaded
    const source = String(loaded.source)
    return { ...loaded, source: source.slice(0, start) + to + source.slice(end) }
  },
})
