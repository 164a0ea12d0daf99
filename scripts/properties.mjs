// Loaded before each test file by scripts/test.mjs: gives the property tests (fast-check) the seed of the run.
//
// CI draws the same cases each time, so that a failure there comes from the change and not from chance. Everywhere else
// each run draws its own; a failure prints its seed. PROPERTY_SEED=NUMBER repeats one.

import { registerHooks } from 'node:module'

const given = process.env.PROPERTY_SEED ?? (process.env.CI === 'true' ? '20261128' : '')
if (given !== '' && !/^-?\d{1,10}$/.test(given)) throw new Error('PROPERTY_SEED must be a whole number')

if (given !== '') {
  registerHooks({
    load(url, context, next) {
      const loaded = next(url, context)
      if (!url.endsWith('/fast-check/lib/fast-check.js')) return loaded
      return { ...loaded, source: `${loaded.source}\nconfigureGlobal({ seed: ${Number(given) | 0} })\n` }
    },
  })
}
