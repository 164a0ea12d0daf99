import assert from 'node:assert/strict'
import { test } from 'node:test'
import { dotOf, graphmlOf, mermaidOf } from './formats.ts'
import type { Picture } from './picture.ts'

test('a name in a drawing has no character on which a terminal acts, and none that reorders text (GRD-624)', () => {
  const name = 'a\u001b[31mb\u202ec\u009bd\u2028e]]>"<b>'
  const node = { id: name, label: name, kind: 'role', isAdministrator: false, members: [name] }
  const edge = { from: name, to: name, label: name, verdict: 'proven', techniques: [name], pairs: [] }
  const picture = { nodes: [node], edges: [edge] } as unknown as Picture
  for (const draw of [dotOf, mermaidOf, graphmlOf]) {
    const text = draw(picture)
    assert.doesNotMatch(text, /[\u001b\u202e\u009b\u2028]/)
    assert.match(text, /a\[31mbcde/)
  }
  assert.match(dotOf(picture), /\\"<b>"/)
  assert.doesNotMatch(mermaidOf(picture) + graphmlOf(picture), /]]>"?<b>/)
})
