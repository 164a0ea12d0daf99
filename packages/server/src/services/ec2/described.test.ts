import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { loadModel, type ServiceModel } from '../../model/index.ts'
import { shownFields } from './described.ts'
import { filters } from './shown-filters.ts'

describe('A filter of an answer', () => {
  it('compares a member that the answer of its operation can have (EC2-61)', () => {
    const model = loadModel('ec2')
    for (const [operation, text] of Object.entries(filters)) {
      for (const word of text.split(/\s+/)) {
        const fields = shownFields(word)
        const [name, look] = Object.entries(fields)[0]!
        if (word.includes(':')) continue
        const output = model.operations[operation]!.output!
        assert.notDeepEqual(look(whole(sample(model, itemOf(model, output)))), [], `${operation}: ${name}`)
      }
    }
  })

  it('compares each item of a list, an instant as text, a given value, or nothing', () => {
    const fields = shownFields('part.id create-time=Made is-new:true gone:')
    const out = { Parts: [{ Id: 'a' }, { Id: 'b' }, {}], Made: 0 }
    assert.deepEqual(
      Object.values(fields).map((look) => look(out)),
      [['a', 'b'], ['1970-01-01T00:00:00.000Z'], 'true', undefined],
    )
  })
})

/** A reservation is listed with its instance: filters compare the members of both. */
function whole(item: { readonly Instances?: readonly object[] }): object {
  return { ...item, ...item.Instances?.[0] }
}

/** The shape of one item of the output's list. */
function itemOf(model: ServiceModel, output: string): string {
  const shape = model.shapes[output]!
  assert(shape.type === 'structure')
  for (const { shape: member } of Object.values(shape.members)) {
    const list = model.shapes[member]!
    if (list.type === 'list') return list.member.shape
  }
  throw assert.fail(`${output} has no list`)
}

/** A value of the shape that has every member, to the depth that filters reach. */
function sample(model: ServiceModel, name: string, depth = 0): object {
  const shape = model.shapes[name]!
  if (shape.type === 'list') return [sample(model, shape.member.shape, depth + 1)]
  if (shape.type !== 'structure' || depth > 8) return Object(1)
  return Object.fromEntries(
    Object.entries(shape.members).map(([member, { shape: of }]) => {
      const type = model.shapes[of]!.type
      return [member, type === 'list' || type === 'structure' ? sample(model, of, depth + 1) : 1]
    }),
  )
}
