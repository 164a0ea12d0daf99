import { readFileSync, writeFileSync } from 'node:fs'
import { deriveTechniques } from './techniques/derive.ts'
import { parseTechniques } from './techniques/parse.ts'

/** Derives packages/server/data/techniques.json from its source form. `--check` only compares. */
const source = new URL('./techniques/techniques.txt', import.meta.url)
const data = new URL('../packages/server/data/techniques.json', import.meta.url)

const text = deriveTechniques(parseTechniques(readFileSync(source, 'utf8')))
if (process.argv.includes('--check')) {
  if (readFileSync(data, 'utf8') !== text) {
    console.error('packages/server/data/techniques.json is not what its source form gives')
    process.exitCode = 1
  }
} else writeFileSync(data, text)
