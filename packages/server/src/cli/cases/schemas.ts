import { lessonShape } from '../../learn/index.ts'
import { seedShape } from '../../seed/index.ts'
import { jsonSchema } from '../../shape/index.ts'
import { inventorySchema } from '../graph/inventory-schema.ts'
import { anyCaseShape } from './shape.ts'

/** The JSON Schemas of seed, lesson, inventory and case files, by the names of their own files. */
export function fileSchemas(): Readonly<Record<string, Readonly<Record<string, unknown>>>> {
  return {
    'seed.schema.json': jsonSchema(seedShape, 'A seed of Omen', 'urn:omen:seed'),
    'lesson.schema.json': jsonSchema(lessonShape, 'A lesson of Omen', 'urn:omen:lesson'),
    'inventory.schema.json': inventorySchema,
    'cases.schema.json': jsonSchema(anyCaseShape, 'Decision cases of Omen', 'urn:omen:cases'),
  }
}
