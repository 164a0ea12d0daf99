import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { techniqueTable } from '../../packages/server/src/authorization/catalogue/index.ts'
import { graphOf, readInventory, readOrganization, readWorld } from '../../packages/server/src/graph/index.ts'
import { worldOf } from './minimal.ts'
import { isShown, type Variant, variantsOf, waysOf } from './variants.ts'

const table = techniqueTable()

/** Of the variants beyond the first two of each row, one in so many is asked here; `OMEN_SOAK` asks all. */
const oneIn = process.env.OMEN_SOAK === undefined ? 97 : 1

/** The answer for the attacker of a variant, and the keys that are left. */
function answer({ recipe }: Variant): { readonly verdict: string; readonly keys: readonly string[] } {
  const { details, inventory, organization } = worldOf(recipe)
  const world = readWorld({
    details: JSON.stringify(details, undefined, 1),
    organization: readOrganization(organization),
    ...(inventory === undefined ? {} : { inventory: readInventory(inventory) }),
  })
  const graph = graphOf(world, table)
  const { verdict, residual } = graph.paths(graph.find('dev')!)
  return {
    verdict: verdict === 'blocked' || verdict === 'none' ? 'no' : verdict,
    keys: [...new Set(residual.map(({ key }) => key))].sort(),
  }
}

describe('worlds of one technique', () => {
  let place = 0
  const seen = new Set<string>()
  for (const technique of table.techniques) {
    const ways = waysOf(technique).filter((way) => isShown(technique, way))
    if (ways.length === 0) continue
    test(`${technique.id}: works, and does not for want of one thing`, () => {
      for (const [number, way] of ways.entries()) {
        const variants = variantsOf(table, technique, way)
        for (const [index, variant] of variants.entries()) {
          if ((index > 1 || number > 0) && place++ % oneIn !== 0) continue
          const { verdict, keys } = answer(variant)
          assert.equal(verdict, variant.expect, `${technique.id}: ${variant.name}`)
          if (variant.keys !== undefined)
            assert.deepEqual(keys, variant.keys, `${technique.id}: ${variant.name}`)
        }
      }
    })
    seen.add(technique.id)
  }

  test('most rows in use have such a world', () => {
    assert.ok(seen.size > 95, `${seen.size} rows`)
  })
})
