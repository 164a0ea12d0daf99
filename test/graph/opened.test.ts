import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { StepBudget, type World } from '../../packages/server/src/graph/index.ts'
import {
  comparePathsTo,
  type Known,
  WatchedGroup,
} from '../../packages/server/src/services/omen/search/index.ts'
import { type AccountFile, allow, userArn, worldOf } from './account-file.ts'

const own = (name: string) => ({ statements: [allow('iam:PutUserPolicy', userArn(name))] })
const reader = { statements: [allow('s3:GetObject')] }

function compared(world: World, before?: Known, steps?: number) {
  const parts = comparePathsTo(world, before, new StepBudget(steps))
  for (;;) {
    const { done, value } = parts.next()
    if (done === true) return value
  }
}

/** The users with a path that a change opens, where all searches before it ended after some steps. */
function openedBy(before: AccountFile, after: AccountFile, steps?: { before?: number; after?: number }) {
  const known = compared(worldOf(before), undefined, steps?.before)
  const { opened, incomplete } = compared(worldOf(after), known, steps?.after)
  return { opened: opened.map(({ from }) => from), isKnown: incomplete === undefined }
}

describe('a path that a change opens', () => {
  const users = { dev: own('dev'), ann: reader }

  test('is not that of a principal that was only not searched before it', () => {
    const after = { users: { ...users, ann: { ...reader, tags: { a: 'b' } } } }
    assert.ok(compared(worldOf({ users }), undefined, 1).unknown.has(userArn('dev')))
    assert.deepEqual(openedBy({ users }, after, { before: 1 }), { opened: [], isKnown: true })
  })

  test('is that of a principal that had none, although it was not searched before', () => {
    const after = { users: { dev: own('dev'), ann: own('ann') } }
    for (const before of [undefined, 1])
      assert.deepEqual(openedBy({ users }, after, before === undefined ? {} : { before }), {
        opened: [userArn('ann')],
        isKnown: true,
      })
  })

  test('is that of a principal that was not there', () => {
    const after = { users: { ...users, new: own('new') } }
    assert.deepEqual(openedBy({ users }, after, { before: 1 }), { opened: [userArn('new')], isKnown: true })
  })

  test('is not known if the steps do not suffice for what was before', () => {
    const after = { users: { dev: own('dev'), ann: own('ann') } }
    const { opened, isKnown } = openedBy({ users }, after, { before: 1, after: 1 })
    assert.deepEqual([opened, isKnown], [[], false])
  })
})

describe('a judgement', () => {
  const before = worldOf({ users: { dev: reader } })
  const after = worldOf({ users: { dev: own('dev') } })
  const judged = (clock: () => number) => {
    const group = new WatchedGroup(clock)
    group.begin(before)
    return group.judge(1, after, undefined, 1_000)
  }

  test('ends by the work of its own thread alone: while others have the processor, its clock stands still', async () => {
    const { opened, incomplete } = await judged(() => 0)
    assert.deepEqual([opened.map(({ from }) => from), incomplete], [[userArn('dev')], undefined])
  })

  test('says that nothing is known once it has worked too long', async () => {
    let now = 0
    const { opened, incomplete } = await judged(() => (now += 1_000))
    assert.deepEqual([opened, incomplete?.principals], [[], 1])
  })
})
