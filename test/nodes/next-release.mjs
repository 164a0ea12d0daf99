// Loaded into the nodes of a test: the release after this one, whose schema has one step more.

import { rewrite } from './rewrite.mjs'

const step = '{ least: 1, text: "ALTER TABLE omen.accounts ADD COLUMN of_next_release int" }'

rewrite(
  'store/pg/schema.ts',
  'export const newestVersion = steps.length',
  `steps.push(${step})\nexport const newestVersion = steps.length`,
)
