import { writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { fileSchemas } from '../packages/server/src/cli/index.ts'

// Writes the JSON Schemas of the files that people write: npx node --conditions=@omen/source tools/schemas.ts
for (const [name, schema] of Object.entries(fileSchemas())) {
  const file = fileURLToPath(new URL(`../packages/server/schemas/${name}`, import.meta.url))
  writeFileSync(file, `${JSON.stringify(schema, null, 2)}\n`)
}
