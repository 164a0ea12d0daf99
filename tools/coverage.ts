/**
 * Writes docs/COVERAGE.md: which operations of which APIs are served, and why others are not.
 *
 *     npx node --conditions=@omen/source tools/coverage.ts
 *
 * It is derived from the models and from what the services export; notes that neither can say stand in
 * tools/served/notes.json.
 */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { coverageText } from './served/text.ts'

writeFileSync(join(import.meta.dirname, '..', 'docs', 'COVERAGE.md'), coverageText())
