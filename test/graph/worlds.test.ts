import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import {
  type Technique,
  type TechniqueWay,
  techniqueTable,
} from '../../packages/server/src/authorization/catalogue/index.ts'
import {
  type Graph,
  graphOf,
  readInventory,
  readOrganization,
  readWorld,
} from '../../packages/server/src/graph/index.ts'
import { policyText } from '../kit/index.ts'
import { administratorAccess, allow, detailsOf, inventoryOf } from './account-file.ts'
import { type CaseWorld, caseWorlds, factsOfMembers, furtherCalls } from './fact-worlds.ts'
import { actionsOf, allow as allowTo, type MinimalWorld, type Recipe, recipeOf, worldOf } from './minimal.ts'
import { specials } from './special.ts'
import type { Special } from './special-account.ts'
import { isMinimal, variantsOf, waysOf } from './variants.ts'

const table = techniqueTable()

/** Of the variants beyond the first two of each way, one in so many is asked here; `OMEN_SOAK` asks all. */
const oneIn = process.env.OMEN_SOAK === undefined ? 97 : 1

/** Rows by themselves: those that are off unless they are asked for are asked for. */
const all = { derived: true, retired: true }

function graphOfWorld(
  { details, inventory, organization }: MinimalWorld,
  techniques: readonly Technique[] = table.techniques,
): Graph {
  const world = readWorld({
    details: JSON.stringify(details, undefined, 1),
    organization: readOrganization(organization),
    ...(inventory === undefined ? {} : { inventory: readInventory(inventory) }),
    awsPolicy: (arn) => (arn === administratorAccess ? policyText(allow('*')) : undefined),
  })
  return graphOf(world, { ...table, techniques })
}

/** The answer for the attacker of a world, the keys that are left, and the techniques of the best path. */
function answer(graph: Graph, options: object = all, start = 'dev') {
  const { verdict, residual, paths } = graph.paths(graph.find(start)!, undefined, options)
  return {
    verdict: verdict === 'blocked' || verdict === 'none' ? 'no' : verdict,
    keys: [...new Set(residual.map(({ key }) => key))].sort(),
    techniques: paths.flatMap(({ steps }) => steps.map(({ technique }) => technique)),
  }
}

/** By row: whether there is a world in which it works, and one in which it does not for want of one thing. */
const shown = new Map<string, { works: boolean; fails: boolean }>()

function note(id: string, verdict: string, isWorking: boolean): void {
  const row = shown.get(id) ?? { works: false, fails: false }
  if (isWorking && verdict !== 'no') row.works = true
  if (!isWorking && verdict === 'no') row.fails = true
  shown.set(id, row)
}

/** Notes whether a row fails without one of its actions, where the others are sufficient for another row. */
function noteWithout(technique: Technique, way: TechniqueWay): void {
  const recipe = recipeOf(technique, way)
  for (const action of actionsOf(technique, way)) {
    const statements = recipe.statements.filter(({ Action }) => Action !== action)
    note(technique.id, answer(graphOfWorld(worldOf({ ...recipe, statements }))).verdict, false)
  }
}

describe('worlds of one technique', () => {
  let place = 0
  for (const technique of table.techniques.filter(isMinimal)) {
    const { id, basis, status } = technique
    test(`${id}: works, and does not for want of one thing`, () => {
      for (const way of waysOf(technique)) {
        const variants = variantsOf(table, technique, way)
        if (!variants.some(({ name }) => name.startsWith('without '))) noteWithout(technique, way)
        for (const [index, { name, recipe, expect, keys: left }] of variants.entries()) {
          if (index > 1 && place++ % oneIn !== 0) continue
          const { verdict, keys } = answer(graphOfWorld(worldOf(recipe)))
          assert.equal(verdict, expect, `${id}: ${name}`)
          if (left !== undefined) assert.deepEqual(keys, left, `${id}: ${name}`)
          note(id, verdict, index === 0)
        }
      }
      if (basis !== 'derived' && status !== 'retired') return
      const [way] = waysOf(technique)
      const { techniques } = answer(graphOfWorld(worldOf(recipeOf(technique, way!))), {})
      assert.ok(!techniques.includes(id), `${id} is off unless it is asked for`)
    })
  }
})

describe('worlds of rows that need an account of their own', () => {
  for (const special of specials) {
    const { id, way = 0, expect, actions, start, without = {}, by = id } = special
    test(`${id}, way ${way + 1}: works, and does not without one of its actions`, () => {
      const whole = answer(graphOfSpecial(special, actions), all, start)
      assert.equal(whole.verdict, expect)
      assert.ok(whole.techniques.includes(by), whole.techniques.join())
      note(id, whole.verdict, true)
      for (const action of actions) {
        const { verdict } = answer(
          graphOfSpecial(
            special,
            actions.filter((each) => each !== action),
          ),
          all,
          start,
        )
        assert.equal(verdict, without[action] ?? 'no', `without ${action}`)
        note(id, verdict === 'conditional' ? 'no' : verdict, false)
      }
    })
  }
})

function graphOfSpecial(
  { file, resources = [], organization = {} }: Special,
  actions: readonly string[],
): Graph {
  const accountFile = file(actions.map((action) => allow(action)))
  return graphOfWorld({
    details: JSON.parse(detailsOf(accountFile)),
    inventory: { ...(inventoryOf(accountFile) as object), resources },
    organization: organization as Record<string, unknown>,
  })
}

/** The verdict of one way of a row by itself, as other ways and rows may give the same. */
function verdictAlone({ technique, way }: Pick<CaseWorld, 'technique' | 'way'>, recipe: Recipe): string {
  return answer(graphOfWorld(worldOf(recipe), [{ ...technique, ways: [way] }])).verdict
}

/** The cases of a fact in whose worlds the answer is another one than the case says. */
function wrongCases(worlds: readonly CaseWorld[]): readonly string[] {
  return worlds.flatMap((world) => {
    const { technique, way, members, expect, name } = world
    const recipe = recipeOf(technique, way)
    const { resources = [] } = recipe.inventory ?? {}
    const inventory = {
      ...recipe.inventory,
      resources: (resources as readonly object[]).map((each) => ({ ...each, ...members })),
    }
    const statements = [...recipe.statements, ...furtherCalls(world).map((action) => allowTo(action))]
    const verdict = verdictAlone(world, { ...recipe, statements, inventory })
    return verdict === expect ? [] : `${technique.id}, ${name}: ${verdict} instead of ${expect}`
  })
}

describe('facts that members of a resource decide', () => {
  test('each is asked in a world', () => {
    const inSpecials = new Set(specials.map(({ id }) => id))
    const isShown = (technique: Technique) => isMinimal(technique) || inSpecials.has(technique.id)
    assert.ok(factsOfMembers.size > 15)
    for (const fact of factsOfMembers.keys()) assert.ok(caseWorlds(fact, isShown).length > 0, fact)
  })

  for (const fact of factsOfMembers.keys())
    test(`${fact}: each case of its block decides as it says`, () => {
      const isSure = ([first]: readonly CaseWorld[]): boolean =>
        first !== undefined && verdictAlone(first, recipeOf(first.technique, first.way)) === 'proven'
      const all = caseWorlds(fact, isMinimal)
      const sure = all.filter(isSure)
      assert.ok(all.length === 0 || sure.length > 0, 'no row in which nothing else is unknown')
      for (const worlds of sure) assert.deepEqual(wrongCases(worlds), [])
    })
})

describe('every row', () => {
  test('a row that is an edge has a world in which it works, and one in which it does not', () => {
    const without = table.techniques.flatMap(({ id, effect, composedOf }) => {
      if (effect === 'none' || composedOf !== undefined || ofSeveralAccounts.has(id)) return []
      const { works, fails } = shown.get(id) ?? { works: false, fails: false }
      return works && fails ? [] : `${id}: works ${works}, fails ${fails}`
    })
    assert.deepEqual(without, [])
  })

  test('a row that is composed of others is found as their steps, and not without one of them', () => {
    for (const { id, composedOf = [], needs } of table.techniques) {
      if (composedOf.length === 0) continue
      const rows = composedOf.map((name) => table.techniques.find((each) => each.id === name))
      assert.ok(
        rows.every(
          (row) => row !== undefined && shown.get(row.id)?.works === true && shown.get(row.id)?.fails,
        ),
        id,
      )
      const of = rows.flatMap((row) => [...row!.needs, ...waysOf(row!).flatMap((way) => way.needs)])
      for (const { action } of needs)
        assert.ok(
          of.some((need) => need.action === action),
          `${id}: ${action}`,
        )
    }
  })

  test('a row that is no edge gives no path by itself, and is not in one', () => {
    for (const technique of table.techniques) {
      if (technique.effect !== 'none') continue
      for (const way of waysOf(technique)) {
        const { verdict, techniques } = answer(graphOfWorld(worldOf(recipeOf(technique, way))))
        assert.ok(!techniques.includes(technique.id), technique.id)
        if (!alsoEdges.has(technique.id)) assert.equal(verdict, 'no', technique.id)
      }
    }
  })
})

/** Rows of which several accounts are needed. */
const ofSeveralAccounts = new Set(['trust.assume-role-across', 'trust.member-root'])

/** Rows that are no edge, whose requests are those of another row. */
const alsoEdges = new Set(['compose.new-admin-role+pass'])
